import { ByteWriter, type Slot } from '@fastpay/protocol';
import { readMilliseconds, readRow, readSlot } from './row.ts';

/** A resolved slot that was not seen final on chain, wherever it is named. */
export interface OutboxRow {
  readonly slot: Slot;
  /** Unix milliseconds. */
  readonly resolvedAtMs: number;
}

/** slot 48 ‖ resolved at u64 (unix ms). */
export function encodeOutboxRow({ slot, resolvedAtMs }: OutboxRow): Uint8Array {
  return new ByteWriter(56).slot(slot).u64(resolvedAtMs).finish();
}

export function decodeOutboxRow(bytes: Uint8Array): OutboxRow {
  return readRow('a line of the outbox', bytes, (reader) => ({
    slot: readSlot(reader),
    resolvedAtMs: readMilliseconds(reader),
  }));
}
