import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Secp256k1Signer } from '@fastpay/crypto';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { fromHex, RejectError } from '@fastpay/protocol';
import { z } from 'zod';
import { ConfigError } from '../config/error.ts';

const keyFileSchema = z.strictObject({ feePayerKey: z.string().regex(/^0x[0-9a-fA-F]{64}$/) });

const MAX_KEY_FILE_BYTES = 1_024;

/**
 * Reads the key that pays, if nobody but its owner can read it, and its owner is the user of this process.
 * @throws ConfigError that never repeats anything from the file.
 */
export function readSponsorKey(path: string): Secp256k1Signer {
  const descriptor = openFile(path);
  try {
    // The descriptor is checked, not the path: what was checked is what is read.
    assertPrivate(descriptor, path);
    const parsed = keyFileSchema.safeParse(parseJson(readFileSync(descriptor, 'utf8')));
    if (!parsed.success) throw keyFileError(path, 'expected {"feePayerKey"} with 0x and 64 hexadecimal digits');
    return createNodeSecp256k1Signer(fromHex(parsed.data.feePayerKey));
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw keyFileError(path, 'feePayerKey is no secp256k1 key', { cause: error });
  } finally {
    closeSync(descriptor);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw keyFileError(path, `cannot be read (${code})`, { cause: error });
  }
}

function assertPrivate(descriptor: number, path: string): void {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw keyFileError(path, 'is no regular file');
  const mode = status.mode & 0o7777;
  if (mode !== 0o600 && mode !== 0o400) {
    const shown = mode.toString(8).padStart(4, '0');
    throw keyFileError(path, `has mode ${shown}, so others could read it: chmod 600 ${path}`);
  }
  const user = process.geteuid?.();
  if (user !== undefined && status.uid !== user) {
    throw keyFileError(path, `belongs to another user: chown it to the user that runs the relay (uid ${user})`);
  }
  if (status.size > MAX_KEY_FILE_BYTES) throw keyFileError(path, 'is too large to be a key file');
}

/** Without the parser's own message: it repeats the text around the fault. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keyFileError(path: string, problem: string, options?: ErrorOptions): ConfigError {
  return new ConfigError(`sponsor.keyFile ${path}: ${problem}`, options);
}
