import type { PaymentEnding, PaymentProgress, RoundProgress, StageTimes } from '@fastpay/client';
import type { Address, Hash, OrderKind, RejectError } from '@fastpay/protocol';
import { capitalized } from './format.ts';
import { type Problem, problemOf } from './problem.ts';

/** When this browser verified a validator's vote and commit, in milliseconds since the bytes were first sent. */
export interface Seal {
  readonly voteMs?: number;
  readonly commitMs?: number;
}

export type LivePhase =
  /** Waiting for the key, the slot and the journal; nothing has left the device. */
  | 'preparing'
  | 'collecting'
  | 'paid'
  | 'stalled'
  /** A certificate gives its slot to something else: it did not and never will happen. */
  | 'skipped'
  /** Refused before anything was signed. */
  | 'refused';

/** One payment as the payment screen shows it while it happens. */
export interface LivePayment {
  readonly phase: LivePhase;
  readonly kind: OrderKind;
  readonly recipient: Address;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly transactionHash?: Hash;
  /** `performance.now()` when the first snapshot came: the bytes are journaled and on their way. */
  readonly startedAt?: number;
  /** As the client measured them. */
  readonly times: StageTimes;
  readonly seals: ReadonlyMap<number, Seal>;
  readonly paidMs?: number;
  readonly problem?: Problem;
  /** Validators that said no or nothing, by committee index. */
  readonly failures: ReadonlyMap<number, string>;
  readonly attempts: number;
  /** It was signed in another visit and is only being finished now. */
  readonly resumed: boolean;
  /** It was signed on another device of the same owner, and found at the validators. */
  readonly adopted: boolean;
  /** Somebody asked to leave its slot empty. */
  readonly cancelling: boolean;
  /** The higher round that is run for its slot. */
  readonly round?: RoundProgress;
  /** What came of its slot, once it is paid or skipped. */
  readonly ending?: PaymentEnding;
  /** `performance.now()` of the next attempt while stalled. */
  readonly retryAt?: number;
  /** Milliseconds since the start at which the next Tempo block was seen. */
  readonly nextBlockMs?: number;
}

export function beginPayment(intent: Pick<LivePayment, 'kind' | 'recipient' | 'amount' | 'fee'>): LivePayment {
  const { kind, recipient, amount, fee } = intent;
  return {
    kind,
    recipient,
    amount,
    fee,
    phase: 'preparing',
    times: {},
    seals: new Map(),
    failures: new Map(),
    attempts: 1,
    resumed: false,
    adopted: false,
    cancelling: false,
  };
}

/**
 * Takes in one verified snapshot. Marks on the ring come only from here: each is a signature that the client has
 * checked against the pinned committee.
 */
export function observeProgress(payment: LivePayment, progress: PaymentProgress, now: number): LivePayment {
  const startedAt = payment.startedAt ?? now;
  const elapsed = Math.min(now - startedAt, newStageTime(payment.times, progress.times));
  const seals = new Map(payment.seals);
  for (const signer of progress.votes) {
    const seal = seals.get(signer);
    if (seal?.voteMs === undefined) seals.set(signer, { ...seal, voteMs: elapsed });
  }
  for (const signer of progress.commits) {
    const seal = seals.get(signer);
    if (seal?.commitMs === undefined) seals.set(signer, { ...seal, commitMs: elapsed });
  }
  const failures = new Map<number, string>();
  for (const [signer, reject] of progress.failures) {
    if (!progress.commits.includes(signer)) failures.set(signer, failureText(reject));
  }
  const { problem: _problem, retryAt: _retryAt, round: _round, ...rest } = payment;
  const next: LivePayment = {
    ...rest,
    startedAt,
    times: progress.times,
    transactionHash: progress.transactionHash,
    seals,
    failures,
    phase: phaseOf(progress.state),
    ...(progress.round && { round: progress.round }),
    ...(progress.ending && { ending: progress.ending }),
  };
  if (progress.state === 'paid') return { ...next, paidMs: payment.paidMs ?? progress.times.paid ?? elapsed };
  if (progress.state === 'stalled' && progress.stalled) {
    return { ...next, problem: problemOf(progress.stalled) };
  }
  return next;
}

/**
 * The time of the stage that this snapshot reached first. Its signatures were verified by then; the snapshot itself came
 * later, after the client had written the stage down.
 */
function newStageTime(before: StageTimes, after: StageTimes): number {
  for (const stage of ['paid', 'certified', 'accepted'] as const) {
    const time = after[stage];
    if (time !== undefined && before[stage] === undefined) return time;
  }
  return Number.POSITIVE_INFINITY;
}

function phaseOf(state: PaymentProgress['state']): LivePhase {
  return state === 'paid' || state === 'stalled' || state === 'skipped' ? state : 'collecting';
}

export function countSeals(payment: Pick<LivePayment, 'seals'>): { readonly votes: number; readonly commits: number } {
  let votes = 0;
  let commits = 0;
  for (const seal of payment.seals.values()) {
    if (seal.voteMs !== undefined) votes++;
    if (seal.commitMs !== undefined) commits++;
  }
  return { votes, commits };
}

/** Milliseconds to wait before the next attempt: 1, 2, 4, 8 seconds, then every 10. */
export function retryDelayMs(attempts: number): number {
  return Math.min(10_000, 1_000 * 2 ** Math.max(0, attempts - 1));
}

/** The seals as they were at a moment of the payment; for showing it again slowly. */
export function sealsUntil(seals: ReadonlyMap<number, Seal>, ms: number): ReadonlyMap<number, Seal> {
  const until = new Map<number, Seal>();
  for (const [signer, { voteMs, commitMs }] of seals) {
    until.set(signer, {
      ...(voteMs !== undefined && voteMs <= ms ? { voteMs } : {}),
      ...(commitMs !== undefined && commitMs <= ms ? { commitMs } : {}),
    });
  }
  return until;
}

/** Short enough to stand beside a validator's name; what it means for the payment is said once, for all of them. */
function failureText({ code, message }: RejectError): string {
  return code === 'TEMPORARILY_UNAVAILABLE' ? 'No answer' : capitalized(message);
}
