import { createHash } from 'node:crypto';
import { bytesOf, equalBytes, type Hash } from '@fastpay/protocol';
import type { MarkerState } from '@fastpay/storage';

/** What one slot of a marker file says. `state` is absent in the first one, which says that nothing was written yet. */
export interface MarkerRecord {
  /** The newer of two records has the higher one. */
  readonly generation: bigint;
  readonly state?: MarkerState;
}

const MAGIC = Buffer.from('fastpay.marker.1');
const STORE_ID_BYTES = 16;
const BODY_BYTES = MAGIC.length + 32 + 8 + 1 + STORE_ID_BYTES + 8 + 1;
/** tag 16 ‖ voting key 32 ‖ generation u64 ‖ written u8 ‖ store id 16 ‖ count u64 ‖ retired u8 ‖ SHA-256 of all that 32. */
export const RECORD_BYTES = BODY_BYTES + 32;

export function encodeRecord(votingKey: Hash, { generation, state }: MarkerRecord): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  record.set(MAGIC);
  let at = MAGIC.length;
  record.set(bytesOf(votingKey), at);
  at = record.writeBigUInt64BE(generation, at + 32);
  at = record.writeUInt8(state ? 1 : 0, at);
  if (state) {
    record.set(state.storeId, at);
    at = record.writeBigUInt64BE(state.count, at + STORE_ID_BYTES);
    record.writeUInt8(state.isRetired ? 1 : 0, at);
  }
  record.set(checksumOf(record), BODY_BYTES);
  return record;
}

export type ReadRecord =
  | { readonly type: 'record'; readonly record: MarkerRecord }
  /** Written whole, but under other keys. */
  | { readonly type: 'otherKey' }
  /** Not written, or not wholly. */
  | { readonly type: 'none' };

export function decodeRecord(votingKey: Hash, bytes: Uint8Array): ReadRecord {
  if (bytes.length !== RECORD_BYTES || !equalBytes(bytes.subarray(BODY_BYTES), checksumOf(bytes))) {
    return { type: 'none' };
  }
  const record = Buffer.from(bytes);
  if (!record.subarray(0, MAGIC.length).equals(MAGIC)) return { type: 'none' };
  let at = MAGIC.length;
  if (!equalBytes(record.subarray(at, at + 32), bytesOf(votingKey))) return { type: 'otherKey' };
  at += 32;
  const generation = record.readBigUInt64BE(at);
  const isWritten = record.readUInt8(at + 8) === 1;
  if (!isWritten) return { type: 'record', record: { generation } };
  at += 9;
  const storeId = Uint8Array.from(record.subarray(at, at + STORE_ID_BYTES));
  const count = record.readBigUInt64BE(at + STORE_ID_BYTES);
  const isRetired = record.readUInt8(at + STORE_ID_BYTES + 8) === 1;
  return { type: 'record', record: { generation, state: { storeId, count, isRetired } } };
}

function checksumOf(record: Uint8Array): Uint8Array {
  return createHash('sha256').update(record.subarray(0, BODY_BYTES)).digest();
}
