import { PATH_USD, RejectError, toAddress, ZERO_ADDRESS } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PaymentProgress } from '../client.ts';
import { testAccount } from '../testing/network.fixtures.ts';
import { collect, createWorld, ledgerOf, recording, type Wallet, type World } from '../testing/world.fixtures.ts';

const MINIMUM = 2_000n;
const SURCHARGE = 6_000n;
const DOLLAR = 1_000_000n;

let world: World;
let alice: Wallet;
let bob: Wallet;
beforeEach(async () => {
  world = await createWorld();
  alice = world.wallet('alice');
  bob = world.wallet('bob');
  await world.deposit(alice.owner, 100n * DOLLAR);
});

const states = (snapshots: readonly PaymentProgress[]) => [...new Set(snapshots.map(({ state }) => state))];
const ledgers = (wallet: Wallet) =>
  Promise.all(world.validators.map((one) => ledgerOf(one, wallet.account, world.clock)));

describe('a payment', () => {
  test('goes from signed over accepted and certified to paid, with every signature verified', async () => {
    const snapshots = await alice.pay(bob.owner, 10n * DOLLAR);
    expect(states(snapshots)).toEqual(['signed', 'accepted', 'certified', 'paid']);
    expect(snapshots[0]).toMatchObject({ votes: [], commits: [], times: {} });
    const last = snapshots.at(-1);
    expect(last).toMatchObject({ votes: [0, 1, 2, 3], times: { accepted: 0, certified: 0, paid: 0 } });
    expect(last?.commits.length).toBeGreaterThanOrEqual(3);
    expect(last?.certificate?.value).toBe(last?.transactionHash);
    expect(last?.failures.size).toBe(0);
  });

  test('moves the money in every ledger: amount and fee from one, amount to the other', async () => {
    await alice.pay(bob.owner, 10n * DOLLAR);
    const spent = 10n * DOLLAR + MINIMUM + SURCHARGE;
    expect(await ledgers(alice)).toEqual(
      Array.from({ length: 4 }, () => ({ balance: 100n * DOLLAR - spent, next: 1n })),
    );
    expect(await ledgers(bob)).toEqual(Array.from({ length: 4 }, () => ({ balance: 10n * DOLLAR, next: 0n })));
  });

  test('is in the journal before it is sent, and its certificate in the store before it is called paid', async () => {
    const seen: string[] = [];
    const watched = world.wallet('alice', {
      transport: {
        ...world.transport,
        submitPayment(request, signal) {
          seen.push('sent');
          return world.transport.submitPayment(request, signal);
        },
      },
      wrap: (store) => ({
        ...store,
        journal: async (entry) => {
          const answer = await store.journal(entry);
          seen.push('journaled');
          return answer;
        },
        recordCertificate: async (record) => {
          const isNew = await store.recordCertificate(record);
          seen.push('stored');
          return isNew;
        },
      }),
    });
    for await (const { state } of watched.client.pay(
      { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: DOLLAR },
      watched.signer,
    )) {
      if (state === 'paid') seen.push('paid');
    }
    expect(seen).toEqual(['journaled', 'sent', 'stored', 'paid']);
  });

  test('shows up in the activity of payer and recipient', async () => {
    await alice.pay(bob.owner, 10n * DOLLAR);
    await bob.client.sync();
    const [sent] = await alice.client.activity({ limit: 10 });
    const [received] = await bob.client.activity({ limit: 10 });
    expect(sent).toMatchObject({ direction: 'sent', stage: 'QUEUED_ONCHAIN', times: { paid: 0 } });
    expect(received).toMatchObject({ direction: 'received', stage: 'QUEUED_ONCHAIN', times: {} });
    expect(received?.transactionHash).toBe(sent?.transactionHash);
    expect(received?.order).toEqual(sent?.order);
    expect(received?.certificate?.value).toBe(sent?.transactionHash);
  });

  test('the next one follows at once, in the next slot', async () => {
    const orders = [
      await alice.pay(bob.owner, DOLLAR),
      await alice.pay(bob.owner, DOLLAR),
      await alice.pay(bob.owner, DOLLAR),
    ].map((snapshots) => snapshots.at(-1));
    expect(orders.map((last) => last?.state)).toEqual(['paid', 'paid', 'paid']);
    expect(orders.map((last) => last?.order.sequence)).toEqual([0n, 1n, 2n]);
  });

  test('may leave the reserve: a withdrawal', async () => {
    const snapshots = await alice.pay(alice.owner, 5n * DOLLAR, { kind: 1 });
    expect(snapshots.at(-1)).toMatchObject({ state: 'paid', order: { kind: 1, fee: MINIMUM } });
    expect(await ledgers(alice)).toContainEqual({ balance: 95n * DOLLAR - MINIMUM, next: 1n });
  });

  test('does not go by the clock of a device that is years off', async () => {
    for (const years of [-20, 20]) {
      const clock = { ...world.clock, nowMs: () => world.clock.nowMs() + years * 365 * 86_400_000 };
      const wallet = world.wallet('alice', { clock });
      expect((await wallet.pay(bob.owner, DOLLAR)).at(-1)?.state).toBe('paid');
      await alice.client.sync();
    }
  });
});

describe('the fee', () => {
  const quote = (recipient: Wallet['owner'], kind: 0 | 1 = 0) =>
    alice.client.quoteFee({ kind, recipient, asset: PATH_USD, amount: DOLLAR });

  test('holds a surcharge until a quorum knows the recipient', async () => {
    expect(await quote(bob.owner)).toBe(MINIMUM + SURCHARGE);
    await world.deposit(bob.owner, 1n, [0, 1]);
    expect(await quote(bob.owner)).toBe(MINIMUM + SURCHARGE);
    await alice.pay(bob.owner, DOLLAR);
    expect(await quote(bob.owner)).toBe(MINIMUM);
  });

  test('holds none for taking money out', async () => {
    expect(await quote(bob.owner, 1)).toBe(MINIMUM);
  });

  test('is what the order carries', async () => {
    expect((await alice.pay(bob.owner, DOLLAR)).at(-1)?.order.fee).toBe(MINIMUM + SURCHARGE);
    expect((await alice.pay(bob.owner, DOLLAR)).at(-1)?.order.fee).toBe(MINIMUM);
  });
});

describe('is refused before anything is signed', () => {
  const refuse = async (attempt: Promise<unknown>, expected: object) => {
    await expect(attempt).rejects.toMatchObject(expected);
    expect(await alice.client.pending(PATH_USD)).toBeUndefined();
    expect(await alice.client.activity({ limit: 10 })).toEqual([]);
  };

  test('without the money, and the error says what is there and what it costs', async () => {
    await refuse(alice.pay(bob.owner, 100n * DOLLAR), {
      code: 'INSUFFICIENT_FUNDS',
      facts: { balance: 100n * DOLLAR, requiredFee: MINIMUM + SURCHARGE },
    });
    const everything = 100n * DOLLAR - MINIMUM - SURCHARGE;
    expect((await alice.pay(bob.owner, everything)).at(-1)?.state).toBe('paid');
    expect(await alice.client.account(PATH_USD)).toMatchObject({ balance: 0n, available: 0n });
  });

  test.each([
    ['to oneself', () => alice.owner],
    ['to nobody', () => ZERO_ADDRESS],
    ['to the reserve', () => world.network.domain.reserve],
    ['to a token', () => PATH_USD],
    ['to a virtual address', () => toAddress(`0x01020304${'fd'.repeat(10)}010203040506`)],
  ])('%s', async (_what, recipient) => {
    await refuse(alice.pay(recipient(), DOLLAR), { code: 'INVALID_FORMAT' });
  });

  test('with nothing, less than nothing, or more than there can be', async () => {
    await refuse(alice.pay(bob.owner, 0n), { code: 'INVALID_FORMAT' });
    await refuse(alice.pay(bob.owner, -1n), { code: 'INVALID_FORMAT' });
    await refuse(alice.pay(bob.owner, 2n ** 64n), { code: 'INVALID_FORMAT' });
  });

  test('in an asset that the network does not list', async () => {
    const asset = toAddress(`${PATH_USD.slice(0, -1)}9`);
    await refuse(alice.pay(bob.owner, DOLLAR, { asset }), { code: 'NOT_PAYMENT' });
  });

  test('with the key of somebody else, or one that does not sign what it is asked', async () => {
    const intent = { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: DOLLAR } as const;
    await refuse(collect(alice.client.pay(intent, bob.signer)), { code: 'WRONG_SIGNER' });
    const broken = { address: alice.owner, sign: testAccount('mallory').sign };
    await refuse(collect(alice.client.pay(intent, broken)), { code: 'WRONG_SIGNER' });
  });

  test('when fewer than a quorum can be asked', async () => {
    for (const one of world.validators.slice(0, 2)) one.isUp = false;
    await refuse(alice.pay(bob.owner, DOLLAR), { code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('when it is stopped before', async () => {
    const transport = recording(world.transport);
    const wallet = world.wallet('alice', { transport });
    const intent = { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: DOLLAR } as const;
    await refuse(collect(wallet.client.pay(intent, wallet.signer, AbortSignal.abort())), {
      code: 'TEMPORARILY_UNAVAILABLE',
    });
    expect(transport.sent).toEqual([]);
  });
});

describe('with validators missing', () => {
  test('one: payments go on, and say who is missing', async () => {
    const [, edgar] = world.validators;
    if (edgar) edgar.isUp = false;
    const last = (await alice.pay(bob.owner, DOLLAR)).at(-1);
    expect(last).toMatchObject({ state: 'paid', votes: [0, 2, 3], commits: [0, 2, 3] });
    expect([...(last?.failures.keys() ?? [])]).toEqual([1]);
  });

  test('two after signing: it stalls, says that it may still happen, and the same bytes complete it later', async () => {
    const transport = recording({
      ...world.transport,
      submitPayment(request, signal) {
        for (const one of world.validators.slice(0, 2)) one.isUp = transport.sent.length > 1;
        return world.transport.submitPayment(request, signal);
      },
    });
    const wallet = world.wallet('alice', { transport });
    const stalled = (await wallet.pay(bob.owner, DOLLAR)).at(-1);
    expect(stalled).toMatchObject({ state: 'stalled', votes: [2, 3], stalled: { code: 'TEMPORARILY_UNAVAILABLE' } });
    expect(stalled?.stalled?.money).toMatch(/may still happen/);
    const pending = await wallet.client.pending(PATH_USD);
    expect(pending?.transactionHash).toBe(stalled?.transactionHash);

    for (const one of world.validators) one.isUp = true;
    const paid = (await wallet.resume()).at(-1);
    expect(paid).toMatchObject({ state: 'paid', transactionHash: stalled?.transactionHash });
    expect(new Set(transport.sent).size).toBe(1);
    expect(transport.sent).toHaveLength(2);
    expect(await wallet.client.pending(PATH_USD)).toBeUndefined();
    expect(await ledgers(bob)).toContainEqual({ balance: DOLLAR, next: 0n });
  });

  test('two before signing: it is signed by what an honest one says, waits, and completes when one returns', async () => {
    const transport = recording(world.transport);
    const wallet = world.wallet('alice', { transport });
    await wallet.client.account(PATH_USD);
    for (const one of world.validators.slice(0, 2)) one.isUp = false;
    const stalled = (await wallet.pay(bob.owner, DOLLAR)).at(-1);
    expect(stalled).toMatchObject({ state: 'stalled', votes: [2, 3] });
    world.clock.advance(3_600_000);
    await world.deposit(carolOf(world).owner, 1n);
    const [dave] = world.validators;
    if (dave) dave.isUp = true;
    expect((await wallet.resume()).at(-1)).toMatchObject({
      state: 'paid',
      transactionHash: stalled?.transactionHash,
      votes: [0, 2, 3],
    });
    expect(new Set(transport.sent).size).toBe(1);
  });

  test('two before signing: one of them alone cannot have more money spent than there is', async () => {
    const wallet = world.wallet('alice');
    await wallet.client.account(PATH_USD);
    for (const one of world.validators.slice(0, 2)) one.isUp = false;
    await world.deposit(alice.owner, 900n * DOLLAR, [3]);
    await expect(wallet.pay(bob.owner, 500n * DOLLAR)).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(await wallet.client.pending(PATH_USD)).toBeUndefined();
  });

  test('three before signing: nothing is signed, as the one that answers may lie', async () => {
    const wallet = world.wallet('alice');
    await wallet.client.account(PATH_USD);
    for (const one of world.validators.slice(0, 3)) one.isUp = false;
    await expect(wallet.pay(bob.owner, DOLLAR)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    expect(await wallet.client.pending(PATH_USD)).toBeUndefined();
  });

  test('an open payment holds back the next one, by name, and counts as spent', async () => {
    const stalling = world.wallet('alice', {
      transport: { ...world.transport, submitPayment: () => nothing() },
    });
    const [first] = await stalling.pay(bob.owner, 30n * DOLLAR);
    await expect(stalling.pay(bob.owner, DOLLAR)).rejects.toMatchObject({
      name: 'PaymentPendingError',
      code: 'PAYMENT_PENDING',
      pending: { transactionHash: first?.transactionHash },
    });
    expect(await stalling.client.account(PATH_USD)).toMatchObject({
      balance: 100n * DOLLAR,
      available: 70n * DOLLAR - MINIMUM - SURCHARGE,
      next: 0n,
    });
    const [item] = await stalling.client.activity({ limit: 1 });
    expect(item).toMatchObject({ stage: 'SIGNED', transactionHash: first?.transactionHash });
  });

  test('an open payment that validators have resolved already is not taken off twice', async () => {
    const wallet = world.wallet('alice', {
      transport: {
        ...world.transport,
        async *submitPayment(request, signal) {
          for await (const event of world.transport.submitPayment(request, signal)) {
            if (event.type === 'vote') yield event;
          }
        },
      },
    });
    await wallet.pay(bob.owner, 30n * DOLLAR);
    expect(await wallet.client.pending(PATH_USD)).toBeDefined();
    const left = 70n * DOLLAR - MINIMUM - SURCHARGE;
    expect(await wallet.client.account(PATH_USD)).toMatchObject({ balance: left, available: left, next: 1n });
  });

  test('nothing to resume is nothing', async () => {
    expect(await alice.resume()).toEqual([]);
  });
});

describe('ends by itself when the relay', () => {
  const stubborn = (submitPayment: World['transport']['submitPayment']) =>
    world.wallet('alice', { transport: { ...world.transport, submitPayment } });

  test('never answers', async () => {
    let isSent: () => void = () => undefined;
    const sent = new Promise<void>((resolve) => {
      isSent = resolve;
    });
    const wallet = stubborn(async function* (_request, signal) {
      isSent();
      yield* await new Promise<never[]>((resolve) => signal.addEventListener('abort', () => resolve([])));
    });
    const paying = wallet.pay(bob.owner, DOLLAR);
    await sent;
    world.clock.advance(20_000);
    expect((await paying).at(-1)).toMatchObject({ state: 'stalled', stalled: { code: 'TEMPORARILY_UNAVAILABLE' } });
  });

  test('never stops talking', async () => {
    let events = 0;
    const wallet = stubborn(async function* () {
      for (;;) {
        events++;
        const reject = await Promise.resolve(new RejectError('STALE_CHAIN', `no ${events}`));
        yield { type: 'failure', signer: events % 4, reject };
      }
    });
    const snapshots = await wallet.pay(bob.owner, DOLLAR);
    expect(snapshots.at(-1)?.state).toBe('stalled');
    expect(events).toBeLessThan(100);
  });

  test('is left by its user', async () => {
    const controller = new AbortController();
    const wallet = stubborn(async function* (request, signal) {
      for await (const event of world.transport.submitPayment(request, signal)) {
        yield event;
        if (event.type === 'vote') controller.abort();
      }
    });
    const intent = { kind: 0, recipient: bob.owner, asset: PATH_USD, amount: DOLLAR } as const;
    const snapshots = await collect(wallet.client.pay(intent, wallet.signer, controller.signal));
    expect(snapshots.at(-1)?.state).toBe('stalled');
    expect((await wallet.client.pending(PATH_USD))?.transactionHash).toBe(snapshots[0]?.transactionHash);
    expect((await alice.pay(bob.owner, DOLLAR).catch((error: unknown) => error)) as object).toMatchObject({
      code: 'PAYMENT_PENDING',
    });
  });
});

function carolOf(of: World): Wallet {
  return of.wallet('carol');
}

async function* nothing(): AsyncGenerator<never> {
  yield* await Promise.resolve([]);
}
