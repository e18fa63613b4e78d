import { concatBytes, equalBytes, fromHex, type Hex, RejectError, unsignedBytes, utf8 } from '@fastpay/protocol';
import { SealError } from './error.ts';
import { areAcceptableKdfParameters, type KdfParameters } from './kdf.ts';

export const SEALED_FORMAT = 'fastpay.sealed';
export const SEALED_VERSION = 1;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const CHECK_BYTES = 8;
/** AES-GCM's tag. */
const TAG_BYTES = 16;
const MAX_LABEL_BYTES = 64;
/** Room for a phrase, keys and some settings; a backup of certificates is not sealed with this. */
export const MAX_SECRET_BYTES = 65_536;

/** A secret at rest. Plain JSON, so that it fits a database row as well as a backup file. */
export interface SealedRecord {
  readonly format: typeof SEALED_FORMAT;
  readonly version: typeof SEALED_VERSION;
  /** What is inside, in the open: for example `phrase`. Authenticated. */
  readonly label: string;
  readonly kdf: KdfParameters & { readonly name: 'argon2id'; readonly salt: Hex };
  readonly cipher: { readonly name: 'AES-256-GCM'; readonly nonce: Hex };
  readonly ciphertext: Hex;
  /** First 8 bytes of SHA-256(header ‖ ciphertext). Anyone can make it: it tells damage from a wrong password. */
  readonly check: Hex;
}

/** The parts of a record as bytes. */
export interface OpenedRecord {
  readonly label: string;
  readonly parameters: KdfParameters;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  readonly check: Uint8Array<ArrayBuffer>;
}

/**
 * What the cipher authenticates beside the secret: tag ‖ memory u32 ‖ iterations u32 ‖ parallelism u8 ‖ salt 16 ‖
 * nonce 12 ‖ label length u8 ‖ label. The tag holds the version.
 */
export function headerBytes(record: Omit<OpenedRecord, 'ciphertext' | 'check'>): Uint8Array<ArrayBuffer> {
  const label = utf8(record.label);
  if (label.length > MAX_LABEL_BYTES) throw new RangeError(`a label has at most ${MAX_LABEL_BYTES} bytes`);
  return new Uint8Array(
    concatBytes(
      utf8('fastpay.sealed.v1\0'),
      unsignedBytes(record.parameters.memoryKiB, 4),
      unsignedBytes(record.parameters.iterations, 4),
      unsignedBytes(record.parameters.parallelism, 1),
      record.salt,
      record.nonce,
      unsignedBytes(label.length, 1),
      label,
    ),
  );
}

export async function checkBytes(header: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(concatBytes(header, ciphertext)));
  return new Uint8Array(digest).slice(0, CHECK_BYTES);
}

/**
 * Reads what was stored, which may be anything.
 * @throws SealError UNKNOWN_VERSION or DAMAGED.
 */
export async function parseRecord(stored: unknown): Promise<OpenedRecord> {
  const record = readFields(stored);
  const expected = await checkBytes(headerBytes(record), record.ciphertext);
  if (!equalBytes(expected, record.check)) throw new SealError('DAMAGED');
  return record;
}

function readFields(stored: unknown): OpenedRecord {
  const record = fieldsOf(stored);
  if (record.format !== SEALED_FORMAT) throw new SealError('DAMAGED');
  if (record.version !== SEALED_VERSION) {
    throw new SealError(Number.isInteger(record.version) ? 'UNKNOWN_VERSION' : 'DAMAGED');
  }
  const { name, salt, memoryKiB, iterations, parallelism } = fieldsOf(record.kdf);
  const cipher = fieldsOf(record.cipher);
  const parameters = { memoryKiB, iterations, parallelism } as KdfParameters;
  const label = record.label;
  if (
    name !== 'argon2id' ||
    cipher.name !== 'AES-256-GCM' ||
    typeof label !== 'string' ||
    utf8(label).length > MAX_LABEL_BYTES ||
    !areAcceptableKdfParameters(parameters)
  ) {
    throw new SealError('DAMAGED');
  }
  return {
    label,
    parameters,
    salt: hexField(salt, SALT_BYTES),
    nonce: hexField(cipher.nonce, NONCE_BYTES),
    ciphertext: hexField(record.ciphertext, TAG_BYTES, MAX_SECRET_BYTES + TAG_BYTES),
    check: hexField(record.check, CHECK_BYTES),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new SealError('DAMAGED');
  return value as Record<string, unknown>;
}

function hexField(value: unknown, least: number, most = least): Uint8Array<ArrayBuffer> {
  if (typeof value !== 'string' || value.length > 2 + 2 * most) throw new SealError('DAMAGED');
  try {
    const bytes = new Uint8Array(fromHex(value));
    if (bytes.length < least) throw new SealError('DAMAGED');
    return bytes;
  } catch (error) {
    if (error instanceof RejectError) throw new SealError('DAMAGED', { cause: error });
    throw error;
  }
}
