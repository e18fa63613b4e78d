import { equalBytes, toHex } from '@fastpay/protocol';
import { type RandomBytes, systemRandom } from '../random.ts';
import { SealError } from './error.ts';
import {
  areAcceptableKdfParameters,
  type DeriveKey,
  defaultKdfParameters,
  deriveKey,
  type KdfParameters,
} from './kdf.ts';
import {
  checkBytes,
  headerBytes,
  MAX_SECRET_BYTES,
  parseRecord,
  SEALED_FORMAT,
  SEALED_VERSION,
  type SealedRecord,
} from './record.ts';

export interface SealOptions {
  readonly password: string;
  /** What is inside, in the open; at most 64 bytes. */
  readonly label: string;
  /** Default: `defaultKdfParameters`. */
  readonly parameters?: KdfParameters;
}

export interface SealDependencies {
  /** Default: this thread. */
  readonly deriveKey?: DeriveKey;
  readonly random?: RandomBytes;
}

/**
 * Encrypts a secret under a password: Argon2id, then AES-256-GCM over it with the whole header authenticated.
 * The record is opened again before it is returned. The caller wipes `secret`.
 * @throws SealError SEAL_FAILED when the record does not open to the same bytes.
 * @throws RangeError on an empty password, parameters outside the bounds, or an empty or too large secret.
 */
export async function seal(
  secret: Uint8Array,
  options: SealOptions,
  dependencies: SealDependencies = {},
): Promise<SealedRecord> {
  const { password, label, parameters = defaultKdfParameters } = options;
  const { random = systemRandom } = dependencies;
  if (password === '') throw new RangeError('a password is not empty');
  if (!areAcceptableKdfParameters(parameters)) throw new RangeError('the key derivation is too weak or too heavy');
  if (secret.length === 0 || secret.length > MAX_SECRET_BYTES) {
    throw new RangeError(`a secret has 1 to ${MAX_SECRET_BYTES} bytes`);
  }
  const opened = { label, parameters, salt: random(16), nonce: random(12) };
  const header = headerBytes(opened);
  const key = await importKey(password, opened, dependencies);
  const plaintext = new Uint8Array(secret);
  const ciphertext = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: opened.nonce, additionalData: header }, key, plaintext),
  );
  plaintext.fill(0);
  const record: SealedRecord = {
    format: SEALED_FORMAT,
    version: SEALED_VERSION,
    label,
    kdf: { name: 'argon2id', ...parameters, salt: toHex(opened.salt) },
    cipher: { name: 'AES-256-GCM', nonce: toHex(opened.nonce) },
    ciphertext: toHex(ciphertext),
    check: toHex(await checkBytes(header, ciphertext)),
  };
  await proveOpens(record, secret, password, dependencies);
  return record;
}

/**
 * The secret of a sealed record; the caller wipes it. `stored` may be anything: it is checked first.
 * @throws SealError WRONG_PASSWORD, DAMAGED or UNKNOWN_VERSION.
 */
export async function unseal(
  stored: unknown,
  password: string,
  dependencies: SealDependencies = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const record = await parseRecord(stored);
  if (password === '') throw new SealError('WRONG_PASSWORD');
  const key = await importKey(password, record, dependencies);
  const algorithm = { name: 'AES-GCM', iv: record.nonce, additionalData: headerBytes(record) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, record.ciphertext));
  } catch (error) {
    // The checksum was right, so these are the bytes that were written: only the key can be another one.
    throw new SealError('WRONG_PASSWORD', { cause: error });
  }
}

async function importKey(
  password: string,
  { salt, parameters }: { readonly salt: Uint8Array; readonly parameters: KdfParameters },
  dependencies: SealDependencies,
): Promise<CryptoKey> {
  const derive = dependencies.deriveKey ?? deriveKey;
  const bytes = await derive({ password, salt, parameters });
  try {
    return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  } finally {
    bytes.fill(0);
  }
}

async function proveOpens(
  record: SealedRecord,
  secret: Uint8Array,
  password: string,
  dependencies: SealDependencies,
): Promise<void> {
  let again: Uint8Array;
  try {
    again = await unseal(record, password, dependencies);
  } catch (error) {
    throw new SealError('SEAL_FAILED', { cause: error });
  }
  const same = equalBytes(again, secret);
  again.fill(0);
  if (!same) throw new SealError('SEAL_FAILED');
}
