import { describe, expect, test } from 'vitest';
import { drawPlan } from '../plan/draw-plan.ts';
import { SIZES, type Size } from '../plan/sizes.ts';
import { runPlan } from './run-plan.ts';

const SEEDS = 300;
const TIMEOUT_MS = 600_000;

test(
  'a few hundred seeds break no invariant',
  async () => {
    const failures: string[] = [];
    let steps = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await runPlan(drawPlan(seed));
      steps += result.steps;
      for (const { invariant, what } of result.violations) failures.push(`seed ${seed}: ${invariant} ${what}`);
    }
    expect(failures).toEqual([]);
    expect(steps).toBeGreaterThan(SEEDS * 50);
  },
  TIMEOUT_MS,
);

describe('a seed', () => {
  test('gives the same history every time, and another seed another', async () => {
    for (const seed of [2, 13, 117]) {
      const [first, second] = [await runPlan(drawPlan(seed)), await runPlan(drawPlan(seed))];
      expect(second).toEqual(first);
      expect((await runPlan(drawPlan(seed + 1_000))).traceHash).not.toBe(first.traceHash);
    }
  });

  test('gives a history with the real curves too', async () => {
    for (const seed of [2, 46]) {
      const result = await runPlan(drawPlan(seed, { crypto: 'real' }));
      expect(result.violations).toEqual([]);
      expect(result.situations.find(([name]) => name === 'paid')?.[1]).toBeGreaterThan(0);
    }
  });

  test.each(SIZES)('draws the same %s plan every time, with Byzantine stake below a third', (size) => {
    for (let seed = 1; seed <= 500; seed++) {
      const plan = drawPlan(seed, { size });
      expect(drawPlan(seed, { size })).toEqual(plan);
      const stakeOf = (signers: readonly number[]) =>
        signers.reduce((sum, signer) => sum + (plan.stakes[signer] ?? 0n), 0n);
      const total = plan.stakes.reduce((sum, stake) => sum + stake, 0n);
      const rolledBack = plan.actions.flatMap((action) => (action.type === 'rollback' ? [action.signer] : []));
      expect(stakeOf(plan.byzantine) + stakeOf(rolledBack)).toBeLessThan((total + 2n) / 3n);
    }
  });
});

test('small runs are short, large ones long, and neither breaks an invariant', async () => {
  const stepsOf = async (size: Size, seeds: number) => {
    let steps = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const result = await runPlan(drawPlan(seed, { size }));
      expect(result.violations).toEqual([]);
      steps += result.steps;
    }
    return steps / seeds;
  };
  const [small, mixed, large] = [await stepsOf('small', 40), await stepsOf('mixed', 20), await stepsOf('large', 10)];
  expect(small).toBeLessThan(0.7 * mixed);
  expect(large).toBeGreaterThan(2 * mixed);
}, 120_000);

test('leaving out a fault leaves the others where they are', async () => {
  const plan = drawPlan(8);
  const whole = await runPlan(plan);
  const [first, second] = whole.messageFaults;
  expect(second).toBeDefined();
  const without = await runPlan(plan, { isAllowed: (fault) => fault !== second });
  expect(without.messageFaults[0]).toBe(first);
  expect(without.messageFaults).not.toContain(second);
  expect((await runPlan(plan, { isAllowed: () => false })).messageFaults).toEqual([]);
});
