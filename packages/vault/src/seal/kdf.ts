/** What makes guessing a password slow (RFC 9106). */
export interface KdfParameters {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface DeriveKeyRequest {
  readonly password: string;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  readonly parameters: KdfParameters;
}

/** Turns a password into 32 key bytes, which the caller wipes. A port: a wallet runs it in a worker. */
export type DeriveKey = (request: DeriveKeyRequest) => Promise<Uint8Array<ArrayBuffer>>;

/** 64 MiB and three passes: about 0.3 s of one core in a desktop browser, about a second on a phone. */
export const defaultKdfParameters: KdfParameters = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };

/** Weaker records are neither made nor opened. */
export const minimumKdfParameters: KdfParameters = { memoryKiB: 19_456, iterations: 2, parallelism: 1 };

/** A record that asks for more is damaged or hostile: it would only stop the device. */
export const maximumKdfParameters: KdfParameters = { memoryKiB: 1_048_576, iterations: 16, parallelism: 4 };

export function areAcceptableKdfParameters(parameters: KdfParameters): boolean {
  return (['memoryKiB', 'iterations', 'parallelism'] as const).every(
    (name) =>
      Number.isInteger(parameters[name]) &&
      parameters[name] >= minimumKdfParameters[name] &&
      parameters[name] <= maximumKdfParameters[name],
  );
}

/**
 * Argon2id version 1.3 over the NFKC form of the password, so that two keyboards type the same one.
 * Pure, and its request and answer can be posted between threads. WebAssembly must be allowed to compile.
 */
export const deriveKey: DeriveKey = async ({ password, salt, parameters }) => {
  const { argon2id } = await import('./argon2.ts');
  const passwordBytes = new TextEncoder().encode(password.normalize('NFKC'));
  try {
    const key = await argon2id({
      password: passwordBytes,
      salt,
      memorySize: parameters.memoryKiB,
      iterations: parameters.iterations,
      parallelism: parameters.parallelism,
      hashLength: 32,
      outputType: 'binary',
    });
    return new Uint8Array(key);
  } finally {
    passwordBytes.fill(0);
  }
};
