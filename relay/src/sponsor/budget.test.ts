import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBudget } from './budget.ts';

const HOUR_MS = 3_600_000;
const limits = { unitsPerHour: 100n, unitsPerDay: 250n };

function budgetAt(startHour: number, spent: ReadonlyMap<number, bigint> = new Map()) {
  const clock = { ms: startHour * HOUR_MS };
  return { clock, budget: createBudget({ ...limits, spent }, { now: () => clock.ms }) };
}

describe('a budget', () => {
  it('leaves what neither the hour nor the day has used', () => {
    const { clock, budget } = budgetAt(500);
    expect(budget.left).toBe(100n);
    expect(budget.take(60n)).toBe(500);
    expect(budget.left).toBe(40n);
    clock.ms += HOUR_MS;
    expect(budget.left).toBe(100n);
    budget.take(100n);
    clock.ms += HOUR_MS;
    expect(budget.left).toBe(90n);
    budget.take(90n);
    clock.ms += HOUR_MS;
    expect(budget.left).toBe(0n);
    // The first hour drops out a day after it began.
    clock.ms = 524 * HOUR_MS;
    expect(budget.left).toBe(60n);
  });

  it('gives nothing that is not left', () => {
    const { budget } = budgetAt(1);
    expect(() => budget.take(101n)).toThrow(RangeError);
    budget.take(100n);
    expect(() => budget.take(1n)).toThrow(RangeError);
  });

  it('takes back what was not spent, in the hour that it was taken from', () => {
    const { clock, budget } = budgetAt(10);
    const hour = budget.take(100n);
    clock.ms += HOUR_MS;
    budget.take(50n);
    budget.giveBack(hour, 99n);
    expect(budget.spent()).toEqual(
      new Map([
        [10, 1n],
        [11, 50n],
      ]),
    );
    budget.giveBack(hour, 500n);
    expect(budget.spent().get(10)).toBe(0n);
    budget.giveBack(9, 5n);
    expect(budget.spent().has(9)).toBe(false);
  });

  it('goes on where it was, and is not refilled by a clock that is set back', () => {
    const { clock, budget } = budgetAt(
      500,
      new Map([
        [499, 80n],
        [500, 70n],
        [400, 1_000n],
      ]),
    );
    expect(budget.left).toBe(30n);
    clock.ms -= 2 * HOUR_MS;
    expect(budget.left).toBe(0n);
    expect(budget.spent().size).toBeLessThan(4);
  });

  it('says when there can be more', () => {
    const { clock, budget } = budgetAt(3);
    clock.ms += HOUR_MS / 4;
    expect(budget.retryAfterMs).toBe((HOUR_MS * 3) / 4);
  });

  it('never lets more be taken than its limits, in any day and any hour, and stays small', () => {
    const steps = fc.array(fc.record({ wait: fc.nat({ max: 5 }), units: fc.bigInt(1n, 120n) }), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (taken) => {
        const { clock, budget } = budgetAt(1_000);
        const done: { hour: number; units: bigint }[] = [];
        for (const { wait, units } of taken) {
          clock.ms += wait * HOUR_MS;
          if (units <= budget.left) done.push({ hour: budget.take(units), units });
          const sum = (hours: number) =>
            done
              .filter(({ hour }) => hour > clock.ms / HOUR_MS - hours)
              .reduce((total, each) => total + each.units, 0n);
          expect(sum(1)).toBeLessThanOrEqual(limits.unitsPerHour);
          expect(sum(24)).toBeLessThanOrEqual(limits.unitsPerDay);
          expect(budget.spent().size).toBeLessThanOrEqual(24);
        }
      }),
    );
  });
});
