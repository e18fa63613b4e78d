import { PATH_USD } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { Crash, crashingAt } from '../testing/crash.fixtures.ts';
import { collect, createWorld, ledgerOf, recording } from '../testing/world.fixtures.ts';

const DOLLAR = 1_000_000n;
const FEE = 8_000n;

/** More writes than a payment makes: the last runs get through without a crash. */
const WRITES = 6;
const moments = (['before', 'after'] as const).flatMap((when) =>
  Array.from({ length: WRITES }, (_, index) => [when, index + 1] as const),
);

describe('a wallet that dies', () => {
  test.each(moments)('%s write %d pays once, with the bytes it signed first', async (when, at) => {
    const world = await createWorld();
    const transport = recording(world.transport);
    const crash = crashingAt(at, when);
    const doomed = world.wallet('alice', { transport, wrap: crash.wrap });
    const bob = world.wallet('bob');
    await world.deposit(doomed.owner, 100n * DOLLAR);

    const intent = { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: 10n * DOLLAR } as const;
    try {
      await collect(doomed.client.pay(intent, doomed.signer));
    } catch (error) {
      expect(error).toBeInstanceOf(Crash);
    }
    const sentBefore = transport.sent.length;

    const reborn = world.wallet('alice', { transport, rows: doomed.rows });
    const pending = await reborn.client.pending(PATH_USD);
    if (pending) {
      const last = (await reborn.resume()).at(-1);
      expect(last).toMatchObject({ state: 'paid', transactionHash: pending.transactionHash });
    } else if (sentBefore === 0) {
      // Nothing was journaled, so nothing was sent: the person decides anew.
      expect((await reborn.pay(bob.owner, 10n * DOLLAR)).at(-1)?.state).toBe('paid');
    }
    expect(new Set(transport.sent).size).toBe(1);
    // The relay died with the wallet: a look at the account hands out what validators miss.
    await reborn.client.account(PATH_USD);
    expect(await reborn.client.pending(PATH_USD)).toBeUndefined();
    const items = await reborn.client.activity({ limit: 10 });
    expect(items.map(({ stage }) => stage)).toEqual(['QUEUED_ONCHAIN']);
    for (const one of world.validators) {
      expect(await ledgerOf(one, reborn.account, world.clock)).toEqual({ balance: 90n * DOLLAR - FEE, next: 1n });
      expect(await ledgerOf(one, bob.account, world.clock)).toEqual({ balance: 10n * DOLLAR, next: 0n });
    }
    expect((await reborn.pay(bob.owner, DOLLAR)).at(-1)).toMatchObject({ state: 'paid', order: { sequence: 1n } });
  });

  test('at the last of those writes is one that does not die any more', async () => {
    const world = await createWorld();
    const crash = crashingAt(WRITES, 'before');
    const alice = world.wallet('alice', { wrap: crash.wrap });
    await world.deposit(alice.owner, 100n * DOLLAR);
    expect((await alice.pay(world.wallet('bob').owner, DOLLAR)).at(-1)?.state).toBe('paid');
    expect(crash.hasCrashed).toBe(false);
  });

  test.each(moments)('%s write %d of a sync loses nothing that it received', async (when, at) => {
    const world = await createWorld();
    const alice = world.wallet('alice');
    await world.deposit(alice.owner, 100n * DOLLAR);
    const doomed = world.wallet('bob', { wrap: crashingAt(at, when).wrap });
    for (let payment = 0; payment < 4; payment++) await alice.pay(doomed.owner, DOLLAR);
    await doomed.client.sync().catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
    const reborn = world.wallet('bob', { rows: doomed.rows });
    await reborn.client.sync();
    expect(await reborn.client.activity({ limit: 10 })).toHaveLength(4);
  });
});

test('a store that cannot write keeps the payment from being sent', async () => {
  const world = await createWorld();
  const transport = recording(world.transport);
  const wallet = world.wallet('alice', {
    transport,
    wrap: (store) => ({ ...store, journal: () => Promise.reject(new Error('disk full')) }),
  });
  await world.deposit(wallet.owner, 100n * DOLLAR);
  await expect(wallet.pay(world.wallet('bob').owner, DOLLAR)).rejects.toThrow('disk full');
  expect(transport.sent).toEqual([]);
});
