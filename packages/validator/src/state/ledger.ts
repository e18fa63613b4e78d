import {
  type AccountId,
  type CommitCertificate,
  concatBytes,
  type Evidence,
  type Hash,
  MAX_U64,
  type SignedOrder,
  type Slot,
} from '@fastpay/protocol';
import type { Kv } from '@fastpay/storage';
import { StoreCorruptionError } from '../errors.ts';
import type { Deposit, SafetyAlarm } from '../validator.ts';
import { type AccountState, decodeAccountState } from './account-state.ts';
import { decodeAlarm } from './alarm-row.ts';
import { decodeEvidenceRow, type EvidenceId, evidenceRowKey } from './evidence-row.ts';
import {
  AFTER_TABLE,
  accountStateKey,
  alarmsEnd,
  alarmsStart,
  BEYOND_ALL_CURSORS,
  type CursorIndex,
  cursorOf,
  depositKey,
  evidenceEnd,
  evidenceFrom,
  evidenceStart,
  exitingEnd,
  exitingKey,
  exitingStart,
  headKey,
  lockTimeKey,
  lockTimesFrom,
  logKey,
  openSlotKey,
  outboxIndex,
  outboxSkipIndex,
  paymentKey,
  resolutionKey,
  roundBudgetKey,
  standingKey,
  unsettledInIndex,
  unsettledOutKey,
} from './keys.ts';
import { decodeLedgerHead, type LedgerHead, NEW_HEAD } from './ledger-head.ts';
import { decodeDeposit, decodeLogLine, type LogLine } from './log-line.ts';
import { decodeOpenSlot, type OpenSlot } from './open-slot.ts';
import { decodeOutboxRow, type OutboxRow } from './outbox-row.ts';
import { decodePaymentRow, type PaymentRow } from './payment-row.ts';
import { decodeResolution, decodeStanding, type Resolution, type Standing } from './resolution.ts';
import { decodeRoundBudget, type RoundBudget } from './round-budget.ts';
import { readAccountId, readMilliseconds, readRow, readSlot } from './row.ts';

const ZERO_BYTE = new Uint8Array(1);

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
  roundBudget(account: AccountId): RoundBudget | undefined;
  /** Locks of open slots made before a time, the oldest first; those after another one only. */
  locksBefore(lockedBeforeMs: number, limit: number, after?: LockTime): readonly LockTime[];
  evidence(id: EvidenceId): Evidence | undefined;
  /** Of all signers, by signer, kind and slot. */
  allEvidence(limit: number): readonly Evidence[];
  /** How much is kept against one signer, counted up to `limit`. */
  evidenceCount(signer: number, limit: number): number;
  /** Lines of the outbox after a cursor, those of payments and of skipped slots, by cursor. */
  outbox(afterCursor: bigint, limit: number): readonly (OutboxRow & { readonly cursor: bigint })[];
  /** The first line of a payment with from ≤ cursor < below. */
  firstOfOutbox(from: bigint, below: bigint): (OutboxRow & { readonly cursor: bigint }) | undefined;
  /** When the payment resolved at `cursor` was; undefined when it is not in the outbox. */
  inOutbox(cursor: bigint): OutboxRow | undefined;
  /** Slots of other accounts whose unsettled payments credit this one, the oldest first. */
  unsettledCredits(account: AccountId, limit: number): readonly Slot[];
  /** Unsettled slots of the account in [from, below), the lowest first, skipped ones too. */
  unsettledSlots(account: AccountId, from: bigint, below: bigint, limit?: number): readonly Slot[];
  /** The certificate of the lowest unsettled slot of the account that holds a payment. */
  firstUnsettledPayment(account: AccountId): CommitCertificate | undefined;
  exitingAccounts(limit: number, after?: AccountId): readonly AccountId[];
}

/** When an account's open slot was locked. */
export interface LockTime {
  /** Unix milliseconds. */
  readonly lockedAtMs: number;
  readonly account: AccountId;
}

export function createLedger(kv: Kv): Ledger {
  function read<Row>(key: Uint8Array, decode: (bytes: Uint8Array) => Row): Row | undefined {
    const bytes = kv.get(key);
    return bytes && decode(bytes);
  }

  function outboxRows(index: CursorIndex, from: bigint, below: bigint, limit: number) {
    const rows = kv.range({ start: index(from), end: index(below), limit });
    return Array.from(rows, ([key, value]) => ({ cursor: cursorOf(key), ...decodeOutboxRow(value) }));
  }

  function unsettledSlots(account: AccountId, from: bigint, below: bigint, limit?: number): readonly Slot[] {
    const [start, end] = [unsettledOutKey(account, from), unsettledOutKey(account, below)];
    const rows = kv.range({ start, end, ...(limit !== undefined && { limit }) });
    return Array.from(rows, ([, value]) => decodeOutboxRow(value).slot);
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
    roundBudget: (account) => read(roundBudgetKey(account), decodeRoundBudget),
    locksBefore(lockedBeforeMs, limit, after) {
      // A zero byte more is the next key that there can be.
      const start = after ? concatBytes(lockTimeKey(after.lockedAtMs, after.account), ZERO_BYTE) : lockTimesFrom(0);
      return Array.from(kv.range({ start, end: lockTimesFrom(lockedBeforeMs), limit }), ([key]) =>
        readRow('the key of a lock', key.subarray(AFTER_TABLE), (reader) => ({
          lockedAtMs: readMilliseconds(reader),
          account: readAccountId(reader),
        })),
      );
    },
    evidence: (id) => read(evidenceRowKey(id), decodeEvidenceRow),
    allEvidence: (limit) =>
      Array.from(kv.range({ start: evidenceStart, end: evidenceEnd, limit }), ([, value]) => decodeEvidenceRow(value)),
    evidenceCount(signer, limit) {
      const range = kv.range({ start: evidenceFrom(signer), end: evidenceFrom(signer + 1), limit });
      return Array.from(range).length;
    },
    alarms: (limit) =>
      Array.from(kv.range({ start: alarmsStart, end: alarmsEnd, limit }), ([key, value]) =>
        decodeAlarm(readRow('the key of an alarm', key.subarray(AFTER_TABLE), readSlot), value),
      ),
    outbox(afterCursor, limit) {
      const of = (index: CursorIndex) => outboxRows(index, afterCursor + 1n, BEYOND_ALL_CURSORS, limit);
      const rows = [...of(outboxIndex), ...of(outboxSkipIndex)];
      return rows.sort((left, right) => (left.cursor < right.cursor ? -1 : 1)).slice(0, limit);
    },
    firstOfOutbox: (from, below) => outboxRows(outboxIndex, from, below, 1)[0],
    inOutbox: (cursor) => read(outboxIndex(cursor), decodeOutboxRow),
    unsettledCredits(account, limit) {
      const index = unsettledInIndex(account);
      const rows = kv.range({ start: index(0n), end: index(BEYOND_ALL_CURSORS), limit });
      return Array.from(rows, ([, value]) => decodeOutboxRow(value).slot);
    },
    unsettledSlots,
    firstUnsettledPayment(account) {
      for (const slot of unsettledSlots(account, 0n, MAX_U64)) {
        const certificate = resolution(slot)?.certificate;
        if (certificate?.signedOrder) return certificate;
      }
      return undefined;
    },
    exitingAccounts(limit, after) {
      // The lowest key above: one byte longer.
      const start = after ? Uint8Array.from([...exitingKey(after), 0]) : exitingStart;
      return Array.from(kv.range({ start, end: exitingEnd, limit }), ([key]) =>
        readRow('the key of an exiting account', key.subarray(AFTER_TABLE), readAccountId),
      );
    },
  };
}
