import { PATH_USD, toHex } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { impatient } from '../testing/clock.fixtures.ts';
import { Crash, crashingAt } from '../testing/crash.fixtures.ts';
import { createSplit } from '../testing/split.fixtures.ts';
import { createWorld, ledgerOf, recording, type Wallet } from '../testing/world.fixtures.ts';

const DOLLAR = 1_000_000n;

/** More writes than ending a slot makes: the last runs get through without a crash. */
const WRITES = 9;
const moments = (['finish', 'cancel'] as const).flatMap((aim) =>
  (['before', 'after'] as const).flatMap((when) =>
    Array.from({ length: WRITES }, (_, index) => [aim, when, index + 1] as const),
  ),
);

async function splitWorld() {
  const world = await createWorld();
  await world.deposit(world.wallet('alice').owner, 100n * DOLLAR);
  return { world, ...(await createSplit(world)) };
}

const end = (wallet: Wallet, aim: 'finish' | 'cancel') => (aim === 'finish' ? wallet.finish() : wallet.cancel());

describe('a wallet that dies while it ends a slot', () => {
  test.each(moments)('to %s, %s write %d, goes on with what it signed', async (aim, when, at) => {
    const { world, first, second } = await splitWorld();
    const transport = recording(world.transport);
    const doomed = world.wallet('alice', { rows: first.rows, transport, wrap: crashingAt(at, when).wrap });
    try {
      await end(doomed, aim);
    } catch (error) {
      expect(error).toBeInstanceOf(Crash);
    }
    const reborn = world.wallet('alice', { rows: first.rows, transport });
    const last = (await end(reborn, aim)).at(-1);
    if (last) expect(['paid', 'skipped']).toContain(last.state);
    expect(await reborn.client.pending(PATH_USD)).toBeUndefined();

    // One value a round, and one signature for it, over both lives.
    for (const proposals of Map.groupBy(transport.proposed, ({ round }) => round).values()) {
      const sent = proposals.map(({ value, authority }) => [
        value,
        authority.type === 'owner' && toHex(authority.signature),
      ]);
      expect(new Set(sent.map((one) => one.join())).size).toBe(1);
    }
    for (const calls of Map.groupBy(transport.opened, ({ round }) => round).values()) {
      const signatures = calls.map(({ authority }) => authority.type === 'owner' && toHex(authority.signature));
      expect(new Set(signatures).size).toBe(1);
    }
    // One round is all that a slot takes whose owner only crashes.
    expect(Math.max(0, ...transport.opened.map(({ round }) => round))).toBeLessThanOrEqual(1);

    const other = world.wallet('alice', { rows: second.rows, clock: impatient(world.clock) });
    const told = (await other.finish()).at(-1);
    expect(told === undefined || told.state === 'skipped').toBe(true);
    await reborn.client.account(PATH_USD);
    const [one, ...others] = await Promise.all(
      world.validators.map((validator) => ledgerOf(validator, reborn.account, world.clock)),
    );
    expect(one?.next).toBe(1n);
    for (const ledger of others) expect(ledger).toEqual(one);
  });

  test('at the last of those writes does not die any more', async () => {
    for (const aim of ['finish', 'cancel'] as const) {
      const { world, first } = await splitWorld();
      const crash = crashingAt(WRITES, 'before');
      await end(world.wallet('alice', { rows: first.rows, wrap: crash.wrap }), aim);
      expect([aim, crash.hasCrashed]).toEqual([aim, false]);
    }
  });
});
