import { encodeSignedOrder, PATH_USD, toHex } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createProcessLocks } from '../ports/locks.ts';
import { createMemoryRows } from '../store/memory-rows.ts';
import { collect, createWorld, ledgerOf, recording, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

const DOLLAR = 1_000_000n;
const FEE = 8_000n;

let world: World;
let bob: Wallet;
let carol: Wallet;
beforeEach(async () => {
  world = await createWorld();
  bob = world.wallet('bob');
  carol = world.wallet('carol');
  await world.deposit(world.wallet('alice').owner, 100n * DOLLAR);
});

/** A relay that dies after the votes: validators hold the order, and nobody has a certificate. */
const dyingAfterVotes = (transport: Transport): Transport => ({
  ...transport,
  async *submitPayment(request, signal) {
    for await (const event of transport.submitPayment(request, signal)) {
      if (event.type === 'quorum') return;
      yield event;
    }
  },
});

/** A relay that does not pass on what validators hold for the open slot. */
const hidingPending = (transport: Transport): Transport => ({
  ...transport,
  async accountStatements(account, nonce) {
    const answers = await transport.accountStatements(account, nonce);
    return answers.map(({ signed, known }) => ({ signed, known }));
  },
});

describe('two tabs of one wallet', () => {
  const race = async (first: Wallet, second: Wallet) => {
    const results = await Promise.allSettled([first.pay(bob.owner, DOLLAR), second.pay(carol.owner, DOLLAR)]);
    return results.map((result) => (result.status === 'fulfilled' ? result.value.at(-1)?.state : result.reason));
  };

  test.each([
    ['even without a common lock', () => [createProcessLocks(), createProcessLocks()]],
    [
      'with a common lock',
      () => {
        const locks = createProcessLocks();
        return [locks, locks];
      },
    ],
  ])('never sign two orders for one slot, %s', async (_how, createLocks) => {
    for (let round = 0; round < 5; round++) {
      const transport = recording(world.transport);
      const rows = createMemoryRows();
      const [firstLocks, secondLocks] = createLocks();
      if (!firstLocks || !secondLocks) throw new Error('expected two locks');
      const first = world.wallet('alice', { rows, transport, locks: firstLocks });
      const second = world.wallet('alice', { rows, transport, locks: secondLocks });
      await first.client.sync();
      const results = await race(first, second);
      expect(results.filter((result) => result === 'paid').length).toBeGreaterThanOrEqual(1);
      for (const result of results) {
        if (result !== 'paid') expect(result).toMatchObject({ code: expect.stringMatching(/PENDING|UNAVAILABLE/) });
      }
      const sequences = (await first.client.activity({ limit: 2 })).map(({ order }) => order.sequence);
      expect(new Set(sequences).size).toBe(sequences.length);
      expect(new Set(transport.sent).size).toBe(results.filter((result) => result === 'paid').length);
    }
  });

  test('both may resume the same payment: it is paid once', async () => {
    const rows = createMemoryRows();
    const stalled = world.wallet('alice', { rows, transport: dyingAfterVotes(world.transport) });
    await stalled.pay(bob.owner, 10n * DOLLAR);
    const tabs = [world.wallet('alice', { rows }), world.wallet('alice', { rows })];
    const ends = await Promise.all(tabs.map(async (tab) => (await tab.resume()).at(-1)?.state));
    expect(ends).toContain('paid');
    const [dave] = world.validators;
    if (!dave) throw new Error('expected a validator');
    expect(await ledgerOf(dave, stalled.account, world.clock)).toEqual({ balance: 90n * DOLLAR - FEE, next: 1n });
  });
});

describe('a restored wallet', () => {
  test('adopts the order that validators hold, finishes it with its own bytes, and pays nothing before', async () => {
    const lost = recording(dyingAfterVotes(world.transport));
    const before = world.wallet('alice', { transport: lost });
    const [signed] = await before.pay(bob.owner, 10n * DOLLAR);

    const transport = recording(world.transport);
    const restored = world.wallet('alice', { transport });
    await expect(restored.pay(carol.owner, DOLLAR)).rejects.toMatchObject({
      code: 'PAYMENT_PENDING',
      pending: { transactionHash: signed?.transactionHash },
    });
    expect((await restored.resume()).at(-1)).toMatchObject({
      state: 'paid',
      transactionHash: signed?.transactionHash,
      order: { recipient: bob.owner },
    });
    expect(transport.sent).toEqual(lost.sent);
    expect((await restored.pay(carol.owner, DOLLAR)).at(-1)?.state).toBe('paid');
  });

  test('shows an adopted order as pending as soon as it looks at its account', async () => {
    await world.wallet('alice', { transport: dyingAfterVotes(world.transport) }).pay(bob.owner, 10n * DOLLAR);
    const restored = world.wallet('alice');
    expect(await restored.client.pending(PATH_USD)).toBeUndefined();
    expect(await restored.client.account(PATH_USD)).toMatchObject({ available: 90n * DOLLAR - FEE });
    expect(await restored.client.pending(PATH_USD)).toBeDefined();
  });

  test('finds its certificates and its pending order with one sync, and finishes it', async () => {
    const before = world.wallet('alice');
    for (let payment = 0; payment < 3; payment++) await before.pay(bob.owner, DOLLAR);
    const lost = recording(dyingAfterVotes(world.transport));
    const [signed] = await world.wallet('alice', { transport: lost }).pay(carol.owner, 10n * DOLLAR);

    const transport = recording(world.transport);
    const restored = world.wallet('alice', { transport });
    expect(await restored.client.sync()).toHaveLength(3);
    expect(await restored.client.pending(PATH_USD)).toMatchObject({
      transactionHash: signed?.transactionHash,
      origin: 'adopted',
    });
    expect((await restored.finish()).at(-1)).toMatchObject({
      state: 'paid',
      transactionHash: signed?.transactionHash,
      ending: { outcome: 'paid' },
    });
    expect(transport.sent).toEqual(lost.sent);
    expect(transport.opened).toEqual([]);
    const items = await restored.client.activity({ limit: 10 });
    expect(items.map(({ stage }) => stage)).toEqual(Array(4).fill('QUEUED_ONCHAIN'));
  });

  test('adopts nothing that does not bear its own signature', async () => {
    const mallory = world.wallet('mallory');
    await world.deposit(mallory.owner, 100n * DOLLAR);
    await world.wallet('mallory', { transport: dyingAfterVotes(world.transport) }).pay(bob.owner, DOLLAR);
    const pending = await world.transport.accountStatements(mallory.account, new Uint8Array(16));
    const [foreign] = pending.flatMap(({ pendingOrder }) => pendingOrder ?? []);
    if (!foreign) throw new Error('expected a pending order');
    const alice = world.wallet('alice');
    const forged = { ...foreign, order: { ...foreign.order, sender: alice.owner } };
    for (const pendingOrder of [foreign, forged]) {
      const lied = world.wallet('alice', {
        transport: {
          ...world.transport,
          accountStatements: async (account, nonce) =>
            (await world.transport.accountStatements(account, nonce)).map((answer) => ({ ...answer, pendingOrder })),
        },
      });
      await lied.client.account(PATH_USD);
      expect(await lied.client.pending(PATH_USD)).toBeUndefined();
      expect(await lied.store.openEntries(mallory.account)).toEqual([]);
    }
  });

  test('goes on after the last slot that a quorum knows, though it remembers nothing', async () => {
    const before = world.wallet('alice');
    for (let payment = 0; payment < 3; payment++) await before.pay(bob.owner, DOLLAR);
    expect((await world.wallet('alice').pay(bob.owner, DOLLAR)).at(-1)).toMatchObject({
      state: 'paid',
      order: { sequence: 3n },
    });
  });
});

describe('two devices that signed different orders for one slot', () => {
  test('finish whichever can be: the other is told that it will never happen', async () => {
    const first = world.wallet('alice', { transport: dyingAfterVotes(world.transport) });
    const [mine] = await first.pay(bob.owner, 10n * DOLLAR);

    const second = world.wallet('alice', { transport: hidingPending(world.transport) });
    const stalled = (await second.pay(carol.owner, 20n * DOLLAR)).at(-1);
    expect(stalled).toMatchObject({ state: 'stalled', stalled: { code: 'EQUIVOCATION' } });
    expect(stalled?.stalled?.money).toMatch(/may still happen/);

    const end = (await second.resume()).at(-1);
    expect(end).toMatchObject({ state: 'paid', transactionHash: mine?.transactionHash });
    const items = await second.client.activity({ limit: 10 });
    expect(items.map(({ stage, order }) => [stage, order.recipient])).toEqual([
      ['QUEUED_ONCHAIN', bob.owner],
      ['SKIPPED', carol.owner],
    ]);
    expect(await second.client.pending(PATH_USD)).toBeUndefined();
    expect((await second.pay(carol.owner, DOLLAR)).at(-1)).toMatchObject({ state: 'paid', order: { sequence: 1n } });
    for (const one of world.validators) {
      expect((await ledgerOf(one, carol.account, world.clock)).balance).toBe(DOLLAR);
    }
  });

  test('learn from the certificate that the slot is gone', async () => {
    const second = world.wallet('alice', { transport: { ...world.transport, submitPayment: () => nothing() } });
    const [mine] = await second.pay(carol.owner, 20n * DOLLAR);
    const first = world.wallet('alice');
    await first.pay(bob.owner, 10n * DOLLAR);

    const connected = world.wallet('alice', { rows: second.rows });
    const end = (await connected.resume()).at(-1);
    expect(end).toMatchObject({ state: 'skipped', transactionHash: mine?.transactionHash });
    expect(end?.certificate?.signedOrder?.order.recipient).toBe(bob.owner);
    const items = await connected.client.activity({ limit: 10 });
    expect(items.map(({ stage, transactionHash }) => [stage, transactionHash])).toEqual([
      ['QUEUED_ONCHAIN', end?.certificate?.value],
      ['SKIPPED', mine?.transactionHash],
    ]);
  });

  test('send nothing but bytes that were journaled, whatever happens', async () => {
    const first = recording(dyingAfterVotes(world.transport));
    await world.wallet('alice', { transport: first }).pay(bob.owner, 10n * DOLLAR);
    const transport = recording(hidingPending(world.transport));
    const second = world.wallet('alice', { transport });
    await second.pay(carol.owner, 20n * DOLLAR);
    await second.resume();
    const journaled = (
      await Promise.all(
        (await second.client.activity({ limit: 10 })).map(({ transactionHash }) => second.store.entry(transactionHash)),
      )
    ).map((entry) => (entry ? toHex(encodeSignedOrder(entry.signedOrder)) : ''));
    expect(new Set(transport.sent)).toEqual(new Set(journaled));
  });
});

test('a device that slept catches up before it signs', async () => {
  const asleep = world.wallet('alice');
  await asleep.pay(bob.owner, DOLLAR);
  const awake = world.wallet('alice');
  await awake.pay(bob.owner, DOLLAR);
  for (const one of world.validators.slice(2)) one.isInformed = false;
  await awake.pay(bob.owner, DOLLAR);
  const intent = { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: DOLLAR } as const;
  expect((await collect(asleep.client.pay(intent, asleep.signer))).at(-1)).toMatchObject({
    state: 'paid',
    order: { sequence: 3n },
  });
});

async function* nothing(): AsyncGenerator<never> {
  yield* await Promise.resolve([]);
}
