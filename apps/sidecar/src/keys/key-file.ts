import { closeSync, fstatSync, openSync } from 'node:fs';
import { fromHex } from '@fastpay/protocol';
import { z } from 'zod';
import { ConfigError } from '../config/error.ts';
import { readJsonFile, whyUnreadable } from '../config/read-json.ts';

/** The secret half of a validator (§2), as raw bytes. */
export interface KeyMaterial {
  /** Seed of the Ed25519 voting key, 32 bytes. */
  readonly votingSeed: Uint8Array;
  /** secp256k1 settlement key, 32 bytes. */
  readonly settlementKey: Uint8Array;
}

const secret = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
const keyFileSchema = z.strictObject({ votingSeed: secret, settlementKey: secret });

const MAX_KEY_FILE_BYTES = 4_096;

/**
 * Reads a key file, if nobody but its owner can, and its owner is the user of this process.
 * @throws ConfigError that never repeats anything from the file.
 */
export function readKeyFile(file: string): KeyMaterial {
  const descriptor = open(file);
  try {
    // The descriptor is checked, not the path: what was checked is what is read.
    assertPrivate(descriptor, file);
    const read = readJsonFile(descriptor);
    if ('problem' in read) throw keyFileError(file, read.problem);
    const parsed = keyFileSchema.safeParse(read.json);
    if (!parsed.success) {
      throw keyFileError(
        file,
        'expected {"votingSeed", "settlementKey"} with 0x and 64 hexadecimal digits each',
        'make a key file with keygen --out FILE',
      );
    }
    return { votingSeed: fromHex(parsed.data.votingSeed), settlementKey: fromHex(parsed.data.settlementKey) };
  } finally {
    closeSync(descriptor);
  }
}

function open(file: string): number {
  let problem: string;
  try {
    return openSync(file, 'r');
  } catch (error) {
    problem = whyUnreadable(error);
  }
  throw keyFileError(file, problem, 'make a key file with keygen --out FILE');
}

function assertPrivate(descriptor: number, file: string): void {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw keyFileError(file, 'is no regular file');
  const mode = status.mode & 0o7777;
  if (mode !== 0o600 && mode !== 0o400) {
    throw keyFileError(
      file,
      `has mode ${mode.toString(8).padStart(4, '0')}, so others could read it`,
      `chmod 600 ${file}`,
    );
  }
  const user = process.geteuid?.();
  if (user !== undefined && status.uid !== user) {
    throw keyFileError(file, 'belongs to another user', `chown it to the user that runs the sidecar (uid ${user})`);
  }
  if (status.size > MAX_KEY_FILE_BYTES) throw keyFileError(file, 'is too large to be a key file');
}

function keyFileError(file: string, problem: string, fix?: string): ConfigError {
  return new ConfigError([{ field: `keyFile ${file}`, problem, ...(fix === undefined ? {} : { fix }) }]);
}
