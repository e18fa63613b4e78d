import { ByteWriter } from '@fastpay/protocol';
import type { FinalizedBlock, ValidatorCounters } from '../validator.ts';
import { BLOCK_BYTES, readBlock, readFlag, readRow, writeBlock } from './row.ts';

/** The few numbers that every step moves on; one small row, read once at the start. */
export interface LedgerHead extends ValidatorCounters {
  /** Of the last line in the log; 0 before the first. */
  readonly cursor: bigint;
  readonly nextDepositIndex: bigint;
  /** Votes, commits and promises recorded in the life of this store: what its marker follows (docs/adr/011-signing-marker.md). */
  readonly signaturesRecorded: bigint;
  /** The last finalized block taken in. */
  readonly finalized?: FinalizedBlock;
}

export const NEW_HEAD: LedgerHead = {
  cursor: 0n,
  nextDepositIndex: 0n,
  signaturesRecorded: 0n,
  votesSigned: 0n,
  commitsSigned: 0n,
  slotsResolved: 0n,
  lastSignedAtMs: 0n,
};

/**
 * cursor u64 ‖ next deposit u64 ‖ signatures u64 ‖ votes u64 ‖ commits u64 ‖ resolved u64 ‖ last signed u64 (unix ms) ‖
 * known u8 ‖ (height u64 ‖ hash 32 ‖ timestamp u64).
 */
export function encodeLedgerHead(head: LedgerHead): Uint8Array {
  const { finalized } = head;
  const writer = new ByteWriter(57 + (finalized ? BLOCK_BYTES : 0))
    .u64(head.cursor)
    .u64(head.nextDepositIndex)
    .u64(head.signaturesRecorded)
    .u64(head.votesSigned)
    .u64(head.commitsSigned)
    .u64(head.slotsResolved)
    .u64(head.lastSignedAtMs)
    .u8(finalized ? 1 : 0);
  return (finalized ? writeBlock(writer, finalized) : writer).finish();
}

export function decodeLedgerHead(bytes: Uint8Array): LedgerHead {
  return readRow('a ledger head', bytes, (reader) => {
    const head = {
      cursor: reader.u64(),
      nextDepositIndex: reader.u64(),
      signaturesRecorded: reader.u64(),
      votesSigned: reader.u64(),
      commitsSigned: reader.u64(),
      slotsResolved: reader.u64(),
      lastSignedAtMs: reader.u64(),
    };
    return readFlag(reader) ? { ...head, finalized: readBlock(reader) } : head;
  });
}
