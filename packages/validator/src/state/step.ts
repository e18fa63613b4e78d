import {
  type AccountId,
  accountKey,
  type CommitCertificate,
  type Evidence,
  type Hash,
  limits,
  type Slot,
} from '@fastpay/protocol';
import type { Operation } from '@fastpay/storage';
import { isExiting } from '../rules/exit.ts';
import { overlayChanges } from '../rules/overlay.ts';
import { creditOf } from '../rules/resolve.ts';
import type { BulletinEntry, BulletinEvent, Deposit, SafetyAlarm } from '../validator.ts';
import { type AccountState, encodeAccountState } from './account-state.ts';
import { encodeAlarm } from './alarm-row.ts';
import { ownersOf, paymentOf } from './event-subjects.ts';
import { encodeEvidenceRow, evidenceIdOf, evidenceRowKey } from './evidence-row.ts';
import {
  accountStateKey,
  alarmKey,
  type CursorIndex,
  depositKey,
  exitingKey,
  headKey,
  lockTimeKey,
  logKey,
  openSlotKey,
  outboxIndex,
  outboxSkipIndex,
  ownerIndex,
  paymentIndex,
  paymentKey,
  resolutionKey,
  roundBudgetKey,
  standingKey,
  unsettledInIndex,
  unsettledOutKey,
} from './keys.ts';
import type { Ledger } from './ledger.ts';
import { encodeLedgerHead, type LedgerHead } from './ledger-head.ts';
import { encodeDeposit, encodeLogLine, type LogLine } from './log-line.ts';
import { encodeOpenSlot, type OpenSlot } from './open-slot.ts';
import { encodeOutboxRow } from './outbox-row.ts';
import { encodePaymentRow, type PaymentRow } from './payment-row.ts';
import { encodeResolution, encodeStanding, type Standing } from './resolution.ts';
import { encodeRoundBudget, type RoundBudget } from './round-budget.ts';

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
  /**
   * The slot with one signature more than before: a vote, a commit or a promise. Together with the place of its lock
   * among those of all accounts.
   */
  putOpenSlot(account: AccountId, slot: OpenSlot): void;
  /** @returns The slot as it was. */
  deleteOpenSlot(account: AccountId): OpenSlot | undefined;
  putRoundBudget(account: AccountId, budget: RoundBudget): void;
  putEvidence(evidence: Evidence): void;
  putPayment(transactionHash: Hash, row: PaymentRow): void;
  /** Stores the certificate under the cursor of its log line. */
  putResolution(cursor: bigint, certificate: CommitCertificate): void;
  /** Queues the slot resolved at `cursor` for settlement, and counts what it moves as unsettled. */
  enterOutbox(cursor: bigint, certificate: CommitCertificate, resolvedAtMs: number): void;
  putStanding(slot: Slot, standing: Standing): void;
  /** The slot resolved at `cursor` was seen final on chain. */
  leaveOutbox(cursor: bigint, certificate: CommitCertificate): void;
  /** Validators have to look after the account because of its exit. */
  putExiting(account: AccountId): void;
  deleteExiting(account: AccountId): void;
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
  const accountIn = (account: AccountId) => accounts.get(accountKey(account)) ?? ledger.account(account);

  function putAccount(account: AccountId, state: AccountState): void {
    accounts.set(accountKey(account), state);
    put(accountStateKey(account), encodeAccountState(state));
  }

  function overlay(certificate: CommitCertificate, sign: 1n | -1n): void {
    for (const { account, apply } of overlayChanges(certificate, sign)) putAccount(account, apply(accountIn(account)));
  }

  return {
    base,
    get head() {
      return head;
    },
    moveHead(changes) {
      head = { ...head, ...changes };
    },
    account: accountIn,
    putAccount,
    putOpenSlot(account, slot) {
      const before = ledger.openSlot(account)?.lock?.lockedAtMs;
      const after = slot.lock?.lockedAtMs;
      if (before !== undefined && before !== after) remove(lockTimeKey(before, account));
      if (after !== undefined && before !== after) put(lockTimeKey(after, account), new Uint8Array());
      put(openSlotKey(account), encodeOpenSlot(slot));
      // Only validators can end it now, also where the exit was not seen, or seen to be cancelled.
      if (isInExitRounds(slot) && accountIn(account)) put(exitingKey(account), new Uint8Array());
      head = { ...head, signaturesRecorded: head.signaturesRecorded + 1n };
    },
    deleteOpenSlot(account) {
      const before = ledger.openSlot(account);
      const lockedAtMs = before?.lock?.lockedAtMs;
      if (lockedAtMs !== undefined) remove(lockTimeKey(lockedAtMs, account));
      if (before && isInExitRounds(before) && !isExiting(accountIn(account))) remove(exitingKey(account));
      remove(openSlotKey(account));
      return before;
    },
    putRoundBudget: (account, budget) => put(roundBudgetKey(account), encodeRoundBudget(budget)),
    putEvidence: (evidence) => put(evidenceRowKey(evidenceIdOf(evidence)), encodeEvidenceRow(evidence)),
    putPayment: (transactionHash, row) => put(paymentKey(transactionHash), encodePaymentRow(row)),
    putResolution: (cursor, certificate) =>
      put(resolutionKey(certificate.slot), encodeResolution({ cursor, certificate })),
    enterOutbox(cursor, certificate, resolvedAtMs) {
      const { slot } = certificate;
      const row = encodeOutboxRow({ slot, resolvedAtMs: Math.floor(resolvedAtMs) });
      for (const key of outboxKeys(cursor, certificate)) put(key, row);
      overlay(certificate, 1n);
    },
    putStanding: (slot, standing) => put(standingKey(slot), encodeStanding(standing)),
    leaveOutbox(cursor, certificate) {
      for (const key of outboxKeys(cursor, certificate)) remove(key);
      overlay(certificate, -1n);
    },
    putExiting: (account) => put(exitingKey(account), new Uint8Array()),
    deleteExiting: (account) => remove(exitingKey(account)),
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

function isInExitRounds({ promised }: OpenSlot): boolean {
  return promised.round >= limits.firstExitRound;
}

/** Everywhere that a resolved slot is named while it is not seen final on chain. */
function outboxKeys(cursor: bigint, certificate: CommitCertificate): readonly Uint8Array[] {
  const { slot, signedOrder } = certificate;
  const own = unsettledOutKey(slot, slot.sequence);
  if (!signedOrder) return [outboxSkipIndex(cursor), own];
  const keys = [outboxIndex(cursor), own];
  if (creditOf(certificate) === undefined) return keys;
  return [...keys, unsettledInIndex({ owner: signedOrder.order.recipient, asset: slot.asset })(cursor)];
}

function lineOf(event: BulletinEvent): LogLine {
  switch (event.type) {
    case 'resolved':
      return { type: 'resolved', slot: event.certificate.slot };
    case 'deposited':
      return { type: 'deposited', index: event.deposit.index };
    case 'exit':
      return { type: 'exit', exit: event.exit };
    case 'evidence':
      return { type: 'evidence', id: evidenceIdOf(event.evidence) };
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
