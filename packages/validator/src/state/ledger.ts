import type { AccountId, Hash, SignedOrder, Slot } from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import { StoreCorruptionError } from '../errors.ts';
import type { Deposit, SafetyAlarm } from '../validator.ts';
import { type AccountState, decodeAccountState } from './account-state.ts';
import { decodeAlarm } from './alarm-row.ts';
import {
  accountStateKey,
  alarmsEnd,
  alarmsStart,
  type CursorIndex,
  cursorOf,
  depositKey,
  headKey,
  logKey,
  openSlotKey,
  paymentKey,
  resolutionKey,
  SLOT_OFFSET,
  standingKey,
} from './keys.ts';
import { decodeLedgerHead, type LedgerHead, NEW_HEAD } from './ledger-head.ts';
import { decodeDeposit, decodeLogLine, type LogLine } from './log-line.ts';
import { decodeOpenSlot, type OpenSlot } from './open-slot.ts';
import { decodePaymentRow, type PaymentRow } from './payment-row.ts';
import { decodeResolution, decodeStanding, type Resolution, type Standing } from './resolution.ts';
import { readRow, readSlot } from './row.ts';

/** Typed reads of the store; nothing is cached, so every read sees every write before it. */
export interface Ledger {
  head(): LedgerHead;
  account(account: AccountId): AccountState | undefined;
  /** State of the slot at `next`. */
  openSlot(account: AccountId): OpenSlot | undefined;
  resolution(slot: Slot): Resolution | undefined;
  standing(slot: Slot): Standing | undefined;
  payment(transactionHash: Hash): PaymentRow | undefined;
  /** The order of a payment that was voted for, certified or resolved here. */
  order(transactionHash: Hash): SignedOrder | undefined;
  /** Whether the payment is resolved Paid here: its slot holds it (§3, parents). */
  isPaid(transactionHash: Hash): boolean;
  deposit(index: bigint): Deposit | undefined;
  /** @throws StoreCorruptionError when the log has no such line. */
  logLine(cursor: bigint): LogLine;
  /** Cursors of an index in [from, below), ascending. */
  cursors(index: CursorIndex, from: bigint, below: bigint, limit: number): readonly bigint[];
  alarms(limit: number): readonly SafetyAlarm[];
}

export function createLedger(kv: Kv): Ledger {
  function read<Row>(key: Uint8Array, decode: (bytes: Uint8Array) => Row): Row | undefined {
    const bytes = kv.get(key);
    return bytes && decode(bytes);
  }

  const resolution = (slot: Slot) => read(resolutionKey(slot), decodeResolution);
  const payment = (transactionHash: Hash) => read(paymentKey(transactionHash), decodePaymentRow);

  return {
    head: () => read(headKey, decodeLedgerHead) ?? NEW_HEAD,
    account: (account) => read(accountStateKey(account), decodeAccountState),
    openSlot: (account) => read(openSlotKey(account), decodeOpenSlot),
    resolution,
    standing: (slot) => read(standingKey(slot), decodeStanding),
    payment,
    order(transactionHash) {
      const row = payment(transactionHash);
      return row && (row.signedOrder ?? resolution(row.slot)?.certificate.signedOrder);
    },
    isPaid(transactionHash) {
      const row = payment(transactionHash);
      return row !== undefined && resolution(row.slot)?.certificate.value === transactionHash;
    },
    deposit: (index) => read(depositKey(index), (bytes) => decodeDeposit(index, bytes)),
    logLine(cursor) {
      const line = read(logKey(cursor), decodeLogLine);
      if (!line) throw new StoreCorruptionError(`the log has no line ${cursor}`);
      return line;
    },
    cursors(index, from, below, limit) {
      if (from >= below) return [];
      return Array.from(kv.range({ start: index(from), end: index(below), limit }), ([key]) => cursorOf(key));
    },
    alarms: (limit) =>
      Array.from(kv.range({ start: alarmsStart, end: alarmsEnd, limit }), ([key, value]) =>
        decodeAlarm(readRow('the key of an alarm', key.subarray(SLOT_OFFSET), readSlot), value),
      ),
  };
}
