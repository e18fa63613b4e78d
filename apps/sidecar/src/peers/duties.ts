import { limits, type QuorumCertificate, type Slot, slotKey } from '@fastpay/protocol';
import { driverAt, type ExitingAccount, type ValidatorMode } from '@fastpay/validator';
import { peerLimits } from './limits.ts';

/** What a validator has to do about slots that their owners leave open (§5 rules 6 and 7). Decides; does nothing. */
export type Duty =
  | { readonly type: 'close'; readonly slot: Slot }
  | { readonly type: 'finish'; readonly certificate: QuorumCertificate };

export interface DutySituation {
  readonly mode: ValidatorMode;
  readonly signer: number;
  readonly committeeSize: number;
  readonly nowMs: number;
  readonly exiting: readonly ExitingAccount[];
  /** Locks that nobody has taken further for too long. */
  readonly staleLocks: readonly QuorumCertificate[];
}

/**
 * Remembers when each slot was last tried, so that one that does not end is tried less and less often, and others come
 * first; bounded by what the validator lists.
 */
export interface DutyRoster {
  /** The next ones to do, at most `peerLimits.duties.atOnce`; those in work are not given again until `done`. */
  next(situation: DutySituation): readonly Duty[];
  done(duty: Duty, result: 'ended' | 'open', nowMs: number): void;
}

interface Attempt {
  failures: number;
  notBeforeMs: number;
  isRunning: boolean;
}

/** A duty that failed is due again in the next turn, then in every second, fourth, … up to this many turns. */
const MAX_TURNS_BETWEEN = 16;

export function createDutyRoster(): DutyRoster {
  const attempts = new Map<string, Attempt>();

  function isDue(duty: Duty, nowMs: number): boolean {
    const attempt = attempts.get(keyOf(duty));
    return !attempt || (!attempt.isRunning && attempt.notBeforeMs <= nowMs);
  }

  const failuresOf = (duty: Duty) => attempts.get(keyOf(duty))?.failures ?? 0;

  return {
    next(situation) {
      const { mode, nowMs } = situation;
      if (mode !== 'signing') return [];
      const running = [...attempts.values()].filter(({ isRunning }) => isRunning).length;
      // What has failed least often comes first: nobody keeps others back with slots that cannot be ended.
      const due = dutiesOf(situation)
        .filter((duty) => isDue(duty, nowMs))
        .toSorted((left, right) => failuresOf(left) - failuresOf(right));
      const taken = due.slice(0, Math.max(0, peerLimits.duties.atOnce - running));
      for (const duty of taken) {
        const key = keyOf(duty);
        const failures = failuresOf(duty);
        attempts.delete(key);
        attempts.set(key, { failures, notBeforeMs: 0, isRunning: true });
      }
      forgetOldest(attempts);
      return taken;
    },
    done(duty, result, nowMs) {
      const key = keyOf(duty);
      if (result === 'ended') {
        attempts.delete(key);
        return;
      }
      const failures = (attempts.get(key)?.failures ?? 0) + 1;
      const turns = Math.min(2 ** (failures - 1), MAX_TURNS_BETWEEN);
      const notBeforeMs = nowMs + turns * Number(limits.driverTurnSeconds) * 1_000;
      attempts.set(key, { failures, notBeforeMs, isRunning: false });
    },
  };
}

function dutiesOf({ signer, committeeSize, nowMs, exiting, staleLocks }: DutySituation): readonly Duty[] {
  const isMyTurn = driverAt(BigInt(Math.floor(nowMs / 1_000)), committeeSize) === signer;
  const toClose = isMyTurn
    ? exiting.flatMap(({ openSlot }) => (openSlot ? [{ type: 'close', slot: openSlot.slot } as const] : []))
    : [];
  // A payment that may still be finished is money: it comes first.
  return [...staleLocks.map((certificate) => ({ type: 'finish', certificate }) as const), ...toClose];
}

function keyOf(duty: Duty): string {
  return duty.type === 'close'
    ? `close ${slotKey(duty.slot)}`
    : `finish ${slotKey(duty.certificate.slot)} ${duty.certificate.round}`;
}

function forgetOldest(attempts: Map<string, Attempt>): void {
  for (const [key, attempt] of attempts) {
    if (attempts.size <= peerLimits.duties.attemptsKept) return;
    if (!attempt.isRunning) attempts.delete(key);
  }
}
