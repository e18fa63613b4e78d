import { expect, test } from 'vitest';
import { drawPlan } from '../plan/draw-plan.ts';
import { runPlan } from '../run/run-plan.ts';
import { shrink } from './shrink.ts';

/** The network swallows far more than a wallet that never tries again could bear: a plan that breaks a promise. */
const broken = { ...drawPlan(21), stakes: [1n, 1n, 1n, 1n], byzantine: [0, 1], byzantineStays: true };

test('a failing run is made smaller, fails in the same way, and every time', async () => {
  const plan = { ...broken, byzantineHabits: { silence: 1, garbage: 0, lies: 0 } };
  const failed = await runPlan(plan);
  expect(failed.violations[0]?.invariant).toBe('I10');
  const shrunk = await shrink(plan, failed, { mostRuns: 12 });
  expect(shrunk.result.violations[0]?.invariant).toBe('I10');
  expect(shrunk.plan.actions.length).toBeLessThanOrEqual(plan.actions.length);
  expect(shrunk.faults.length).toBe(0);
  expect(shrunk.runs).toBeLessThanOrEqual(12);
  const allowed = new Set(shrunk.faults);
  const again = await runPlan(shrunk.plan, { isAllowed: (fault) => allowed.has(fault) });
  expect(again.traceHash).toBe(shrunk.result.traceHash);
}, 300_000);

test('what does not fail cannot be shrunk', async () => {
  const plan = drawPlan(1);
  await expect(shrink(plan, await runPlan(plan))).rejects.toThrow('did not fail');
});
