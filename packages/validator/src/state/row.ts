import { type AccountId, ByteReader, type ByteWriter, type Slot, toSequence } from '@fastpay/protocol';
import { StoreCorruptionError } from '../errors.ts';
import type { FinalizedBlock, SettlementReference } from '../validator.ts';

/** What rows have in common. Integers are big-endian; every row has exactly one encoding. */

export const BLOCK_BYTES = 8 + 32 + 8;
export const SETTLEMENT_BYTES = BLOCK_BYTES + 32;

/**
 * Reads a whole row.
 * @throws StoreCorruptionError when the bytes are not what `read` expects: never a refusal, since nobody outside sent
 * them.
 */
export function readRow<Row>(what: string, bytes: Uint8Array, read: (reader: ByteReader) => Row): Row {
  try {
    const reader = new ByteReader(bytes);
    const row = read(reader);
    reader.end();
    return row;
  } catch (cause) {
    throw new StoreCorruptionError(`the store holds ${what} that does not decode`, { cause });
  }
}

/** One of a few names, stored as its place in the list. */
export function readName<Name extends string>(reader: ByteReader, names: readonly Name[]): Name {
  const name = names[reader.u8()];
  if (name === undefined) throw new RangeError('a name is out of range');
  return name;
}

export function readFlag(reader: ByteReader): boolean {
  const byte = reader.u8();
  if (byte > 1) throw new RangeError('a flag is neither 0 nor 1');
  return byte === 1;
}

/** A time that was written from a number: beyond 2^53 it was not written by this code. */
export function readMilliseconds(reader: ByteReader): number {
  const milliseconds = Number(reader.u64());
  if (!Number.isSafeInteger(milliseconds)) throw new RangeError('a time is out of range');
  return milliseconds;
}

export function readAccountId(reader: ByteReader): AccountId {
  return { owner: reader.address(), asset: reader.address() };
}

export function readSlot(reader: ByteReader): Slot {
  return { owner: reader.address(), asset: reader.address(), sequence: toSequence(reader.u64()) };
}

const I128_LIMIT = 1n << 127n;

/** Sums of money: 2^64 payments of 2^64 base units each would be needed to leave the range. */
export function writeI128(writer: ByteWriter, value: bigint): ByteWriter {
  if (value >= I128_LIMIT || value < -I128_LIMIT) throw new RangeError('a sum left 128 bits');
  return writer.u64(BigInt.asUintN(64, value >> 64n)).u64(BigInt.asUintN(64, value));
}

export function readI128(reader: ByteReader): bigint {
  return BigInt.asIntN(128, (reader.u64() << 64n) | reader.u64());
}

/** height u64 ‖ hash 32 ‖ timestamp u64. */
export function writeBlock(writer: ByteWriter, { height, hash, timestamp }: FinalizedBlock): ByteWriter {
  return writer.u64(height).hash(hash).u64(timestamp);
}

export function readBlock(reader: ByteReader): FinalizedBlock {
  return { height: reader.u64(), hash: reader.hash(), timestamp: reader.u64() };
}

/** known u8 ‖ (block 48 ‖ transaction hash 32). */
export function writeSettlement(writer: ByteWriter, settlement: SettlementReference | undefined): ByteWriter {
  if (!settlement) return writer.u8(0);
  return writeBlock(writer.u8(1), settlement.block).hash(settlement.transactionHash);
}

export function settlementBytes(settlement: SettlementReference | undefined): number {
  return settlement ? 1 + SETTLEMENT_BYTES : 1;
}

export function readSettlement(reader: ByteReader): SettlementReference | undefined {
  return readFlag(reader) ? { block: readBlock(reader), transactionHash: reader.hash() } : undefined;
}
