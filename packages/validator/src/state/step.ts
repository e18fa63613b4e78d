import { type AccountId, accountKey, type CommitCertificate, type Hash, type Slot } from '@fastpay/protocol';
import type { Operation } from '@fastpay/storage';
import type { BulletinEntry, BulletinEvent, Deposit, SafetyAlarm } from '../validator.ts';
import { type AccountState, encodeAccountState } from './account-state.ts';
import { encodeAlarm } from './alarm-row.ts';
import { ownersOf, paymentOf } from './event-subjects.ts';
import {
  accountStateKey,
  alarmKey,
  type CursorIndex,
  depositKey,
  headKey,
  logKey,
  openSlotKey,
  outboxKey,
  ownerIndex,
  paymentIndex,
  paymentKey,
  resolutionKey,
  standingKey,
} from './keys.ts';
import type { Ledger } from './ledger.ts';
import { encodeLedgerHead, type LedgerHead } from './ledger-head.ts';
import { encodeDeposit, encodeLogLine, type LogLine } from './log-line.ts';
import { encodeOpenSlot, type OpenSlot } from './open-slot.ts';
import { encodeOutboxRow } from './outbox-row.ts';
import { encodePaymentRow, type PaymentRow } from './payment-row.ts';
import { encodeResolution, encodeStanding, type Standing } from './resolution.ts';

/** What one step of the state machine changes, gathered into the one batch that makes it atomic. */
export interface Step {
  /** The head that this step was begun on. */
  readonly base: LedgerHead;
  /** The head as this step leaves it. */
  readonly head: LedgerHead;
  moveHead(changes: Partial<LedgerHead>): void;
  /** As this step leaves it so far. */
  account(account: AccountId): AccountState | undefined;
  putAccount(account: AccountId, state: AccountState): void;
  putOpenSlot(account: AccountId, slot: OpenSlot): void;
  deleteOpenSlot(account: AccountId): void;
  putPayment(transactionHash: Hash, row: PaymentRow): void;
  /** Stores the certificate under the cursor of its log line, and queues the slot for settlement. */
  putResolution(cursor: bigint, certificate: CommitCertificate, resolvedAtMs: number): void;
  putStanding(slot: Slot, standing: Standing): void;
  /** The slot resolved at `cursor` needs no settling any more. */
  leaveOutbox(cursor: bigint): void;
  putDeposit(deposit: Deposit): void;
  putAlarm(alarm: SafetyAlarm): void;
  /** Appends a line to the log; returns its cursor. */
  log(event: BulletinEvent): bigint;
  /** Lines that this step appends, in order. */
  readonly entries: readonly BulletinEntry[];
  /** The batch, head included. */
  operations(): readonly Operation[];
}

export function beginStep(ledger: Ledger, base: LedgerHead): Step {
  const operations: Operation[] = [];
  const entries: BulletinEntry[] = [];
  const accounts = new Map<string, AccountState>();
  let head = base;
  const put = (key: Uint8Array, value: Uint8Array) => operations.push({ type: 'put', key, value });
  const remove = (key: Uint8Array) => operations.push({ type: 'delete', key });

  return {
    base,
    get head() {
      return head;
    },
    moveHead(changes) {
      head = { ...head, ...changes };
    },
    account: (account) => accounts.get(accountKey(account)) ?? ledger.account(account),
    putAccount(account, state) {
      accounts.set(accountKey(account), state);
      put(accountStateKey(account), encodeAccountState(state));
    },
    putOpenSlot: (account, slot) => put(openSlotKey(account), encodeOpenSlot(slot)),
    deleteOpenSlot: (account) => remove(openSlotKey(account)),
    putPayment: (transactionHash, row) => put(paymentKey(transactionHash), encodePaymentRow(row)),
    putResolution(cursor, certificate, resolvedAtMs) {
      put(resolutionKey(certificate.slot), encodeResolution({ cursor, certificate }));
      put(outboxKey(cursor), encodeOutboxRow({ slot: certificate.slot, resolvedAtMs: Math.floor(resolvedAtMs) }));
    },
    putStanding: (slot, standing) => put(standingKey(slot), encodeStanding(standing)),
    leaveOutbox: (cursor) => remove(outboxKey(cursor)),
    putDeposit: (deposit) => put(depositKey(deposit.index), encodeDeposit(deposit)),
    putAlarm: (alarm) => put(alarmKey(alarm.slot), encodeAlarm(alarm)),
    log(event) {
      const cursor = head.cursor + 1n;
      head = { ...head, cursor };
      entries.push({ cursor, event });
      put(logKey(cursor), encodeLogLine(lineOf(event)));
      for (const index of indicesOf(event)) put(index(cursor), new Uint8Array());
      return cursor;
    },
    entries,
    operations: () => [...operations, { type: 'put', key: headKey, value: encodeLedgerHead(head) }],
  };
}

function lineOf(event: BulletinEvent): LogLine {
  switch (event.type) {
    case 'resolved':
      return { type: 'resolved', slot: event.certificate.slot };
    case 'deposited':
      return { type: 'deposited', index: event.deposit.index };
    case 'settlement': {
      const { certificate, transactionHash, stage, settlement } = event;
      const { slot } = certificate;
      return { type: 'settlement', slot, value: transactionHash, stage, ...(settlement && { settlement }) };
    }
  }
}

function indicesOf(event: BulletinEvent): readonly CursorIndex[] {
  const payment = paymentOf(event);
  return [...ownersOf(event).map(ownerIndex), ...(payment === undefined ? [] : [paymentIndex(payment)])];
}
