import { expect, test } from 'vitest';
import { NO_FAULTS } from '../network/faults.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { runPlan } from './run-plan.ts';

/** A large plan with a chain of at least so many payments, and of all actions only that and the first deposit. */
function chainOnly(payments: number): { readonly plan: Plan; readonly devices: readonly string[] } {
  for (let seed = 1; seed < 1_000; seed++) {
    const drawn = drawPlan(seed, { size: 'large' });
    const chain = drawn.actions.find((action) => action.type === 'chain');
    const [deposit] = drawn.actions.filter(({ type }) => type === 'deposit');
    if (!chain || !deposit || chain.devices.length <= payments || drawn.stakes.length < 4) continue;
    const validatorSkewMs = drawn.stakes.map(() => 0);
    const diskSlownessMs = drawn.stakes.map(() => 20);
    const devices = drawn.devices.map((device) => ({ ...device, skewMs: 0 }));
    const quiet = { rates: NO_FAULTS, byzantine: [], hasByzantineRelay: false, attackers: 0 };
    const plan = { ...drawn, ...quiet, validatorSkewMs, diskSlownessMs, devices, actions: [deposit, chain] };
    return { plan: { ...plan, settlesFromMs: drawn.faultsEndMs }, devices: chain.devices };
  }
  throw new Error('no such plan');
}

const countOf = (situations: readonly (readonly [string, number])[], name: string) =>
  situations.find(([known]) => known === name)?.[1] ?? 0;

test('money is paid on at once, as deep as the plan says, and all of it settles in the end', async () => {
  const { plan, devices } = chainOnly(12);
  const { violations, deepestChain, situations } = await runPlan(plan);
  expect(violations).toEqual([]);
  expect(deepestChain).toBe(devices.length - 1);
  expect(countOf(situations, 'paidOnAtOnce')).toBe(devices.length - 2);
  expect(countOf(situations, 'deepUnsettledChain')).toBe(devices.length - 10);
  expect(countOf(situations, 'longClosure')).toBeGreaterThan(0);
  expect(countOf(situations, 'settled')).toBeGreaterThanOrEqual((devices.length - 1) * plan.stakes.length);
});

test('every payment of a drawn chain goes to another owner', () => {
  let chains = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const { actions, devices } = drawPlan(seed, { size: 'large' });
    const ownerOf = (name: string | undefined) => devices.find((device) => device.name === name)?.owner;
    for (const action of actions) {
      if (action.type !== 'chain') continue;
      chains++;
      expect(ownerOf(action.devices[0])).toBe(devices[0]?.owner);
      action.devices.forEach((name, index) => {
        expect(ownerOf(name)).toBeDefined();
        expect(ownerOf(name)).not.toBe(ownerOf(action.devices[index + 1]));
      });
    }
  }
  expect(chains).toBeGreaterThan(50);
});
