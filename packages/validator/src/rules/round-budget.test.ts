import { limits, RejectError } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoundBudget } from '../state/round-budget.ts';
import { spendRound } from './round-budget.ts';

const DAY_MS = 86_400_000;

test('counts the rounds of a day of UTC, and refuses those beyond the limit until midnight', () => {
  expect(spendRound(undefined, 5 * DAY_MS)).toEqual({ day: 5, opened: 1 });
  expect(spendRound({ day: 5, opened: 1 }, 6 * DAY_MS - 1)).toEqual({ day: 5, opened: 2 });
  const full = { day: 5, opened: limits.roundsPerDay };
  expect(spendRound(full, 6 * DAY_MS)).toEqual({ day: 6, opened: 1 });
  const refusal = spendRound(full, 6 * DAY_MS - 1_500);
  expect(refusal).toBeInstanceOf(RejectError);
  expect(refusal).toMatchObject({ code: 'RATE_LIMITED', facts: { retryAfterMs: 1_500 } });
});

test('a clock that jumps about opens no more rounds than the days it has seen allow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 * DAY_MS }), { maxLength: 500 }), (times) => {
      let budget: RoundBudget | undefined;
      let opened = 0;
      for (const time of times) {
        const spent = spendRound(budget, time);
        if (spent instanceof RejectError) continue;
        budget = spent;
        opened++;
      }
      const days = new Set(times.map((time) => Math.floor(time / DAY_MS))).size;
      expect(opened).toBeLessThanOrEqual(days * limits.roundsPerDay);
    }),
  );
});
