import { limits, RejectError } from '@fastpay/protocol';
import type { RoundBudget } from '../state/round-budget.ts';

const DAY_MS = 86_400_000;

/**
 * The budget once one more round is opened (§5 rule 4a, §14). Days are those of UTC. A clock that was set back does not
 * make days anew: what was spent on a later day stays spent until that day is over.
 * @returns A refusal when the day's rounds are used up.
 */
export function spendRound(before: RoundBudget | undefined, nowMs: number): RoundBudget | RejectError {
  const today = Math.floor(nowMs / DAY_MS);
  if (!before || before.day < today) return { day: today, opened: 1 };
  if (before.opened < limits.roundsPerDay) return { ...before, opened: before.opened + 1 };
  return new RejectError('RATE_LIMITED', `this account has opened its ${limits.roundsPerDay} rounds of the day here`, {
    retryAfterMs: Math.ceil((before.day + 1) * DAY_MS - nowMs),
  });
}
