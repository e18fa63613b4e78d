import { expect, test } from 'vitest';
import { createSmallWorld } from '../testing/small-world.fixtures.ts';
import { checkEnd } from './check-end.ts';
import { run } from './play.ts';

test('what only some validators hold reaches all, also when each holds as much as the others', async () => {
  const { world, answered, order, certify } = await createSmallWorld();
  const [first, ...others] = world.honest;
  const [ofAlice, ofBob] = [await certify(await order('alice')), await certify(await order('bob'))];
  await answered(Promise.all([first?.resolve(ofAlice), ...others.map((node) => node.resolve(ofBob))]));
  await checkEnd(world, (untilMs, isDone) => run(world, untilMs, isDone));
  expect(world.violations).toEqual([]);
  for (const { signer } of world.honest) expect(world.model.views[signer]?.ledger.resolved.size).toBe(2);
});

test('a validator that is still down at the end is noticed', async () => {
  const { world, answered, order, certify } = await createSmallWorld();
  const certificate = await certify(await order('alice'));
  const [first, ...others] = world.honest;
  await answered(Promise.all(others.map((node) => node.resolve(certificate))));
  first?.crash(0);
  await checkEnd(world, (untilMs, isDone) => run(world, untilMs, isDone));
  expect(world.violations.map(({ invariant }) => invariant)).toContain('I8');
});

test('an exit that has just become final is waited for until all have seen it', async () => {
  const { world, pass, slotOf } = await createSmallWorld();
  const { chain, scheduler } = world;
  const account = slotOf('alice');
  await chain.exit(account, 'requestExit');
  await pass(650_000);
  await chain.exit(account, 'exit');
  const isGone = () => chain.exits.some(({ type }) => type === 'executed');
  await run(world, scheduler.nowMs() + 60_000, isGone);
  expect(isGone()).toBe(true);
  await checkEnd(world, (untilMs, isDone) => run(world, untilMs, isDone));
  expect(world.violations).toEqual([]);
  for (const { signer } of world.honest) expect(world.model.views[signer]?.ledger.balance(account)).toBe(0n);
});
