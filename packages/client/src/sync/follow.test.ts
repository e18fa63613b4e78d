import { createNodeEngine } from '@fastpay/crypto/node';
import { RejectError } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { createWakeUps } from '../ports/wake.ts';
import { createWorld, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

const DOLLAR = 1_000_000n;

let world: World;
let alice: Wallet;
let stop: AbortController;
beforeEach(async () => {
  world = await createWorld();
  alice = world.wallet('alice');
  stop = new AbortController();
  await world.deposit(alice.owner, 100n * DOLLAR);
});

/** Follows until `stop`, and tells of each change. */
function follow(transport: Transport = world.transport) {
  const bob = world.wallet('bob', { transport });
  let changes = 0;
  let wake: () => void = () => undefined;
  const following = bob.client.follow(() => {
    changes++;
    wake();
  }, stop.signal);
  return {
    bob,
    following,
    get changes() {
      return changes;
    },
    async until(predicate: () => Promise<boolean> | boolean): Promise<void> {
      while (!(await predicate())) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          setImmediate(resolve);
        });
      }
    },
    listed: async () => (await bob.client.activity({ limit: 100 })).length,
  };
}

/** Streams that can be cut; counts how often one was opened. */
function cuttable() {
  let cut: () => void = () => undefined;
  let opened = 0;
  const transport: Transport = {
    ...world.transport,
    async *watchAccount(owner, signal) {
      opened++;
      const broken = new AbortController();
      cut = () => broken.abort();
      yield* world.transport.watchAccount(owner, AbortSignal.any([signal, broken.signal]));
      throw new RejectError('TEMPORARILY_UNAVAILABLE', 'connection lost');
    },
  };
  return {
    transport,
    cut: () => cut(),
    get opened() {
      return opened;
    },
  };
}

test('takes in what is there already, and then what comes, telling of each', async () => {
  await alice.pay(world.wallet('bob').owner, DOLLAR);
  const watched = follow();
  await watched.until(async () => (await watched.listed()) === 1);
  await alice.pay(watched.bob.owner, DOLLAR);
  await alice.pay(watched.bob.owner, DOLLAR);
  await watched.until(async () => (await watched.listed()) === 3);
  expect(watched.changes).toBeGreaterThanOrEqual(3);
  stop.abort();
  await watched.following;
});

test('tells of deposits and of what is said about the chain', async () => {
  const watched = follow();
  await world.deposit(watched.bob.owner, DOLLAR);
  await watched.until(() => watched.changes === 1);
  const certificate = (await alice.pay(watched.bob.owner, DOLLAR)).at(-1)?.certificate;
  if (!certificate) throw new Error('expected a certificate');
  await watched.until(async () => (await watched.listed()) === 1);
  const before = watched.changes;
  for (const { validator } of world.validators) {
    await validator.applySettlements([
      { account: alice.account, sequence: 0n, value: certificate.value, stage: 'INCLUDED' },
    ]);
  }
  await watched.until(() => watched.changes > before);
  expect(await watched.bob.client.activity({ limit: 1 })).toMatchObject([
    { stage: 'QUEUED_ONCHAIN', observed: { stage: 'INCLUDED', heardAtMs: { included: world.clock.nowMs() } } },
  ]);
  stop.abort();
  await watched.following;
});

test('misses nothing that happens while the stream is down', async () => {
  const line = cuttable();
  const watched = follow(line.transport);
  await alice.pay(watched.bob.owner, DOLLAR);
  await watched.until(async () => (await watched.listed()) === 1);
  line.cut();
  await world.clock.untilSleeping((ms) => ms <= 500);
  await alice.pay(watched.bob.owner, DOLLAR);
  expect(await watched.listed()).toBe(1);
  world.clock.advance(500);
  await watched.until(async () => (await watched.listed()) === 2);
  expect(line.opened).toBe(2);
  stop.abort();
  await watched.following;
});

test('asks for the past again until enough validators have answered', async () => {
  await alice.pay(world.wallet('bob').owner, DOLLAR);
  for (const one of world.validators) one.isUp = false;
  const signs: (() => void)[] = [];
  const watched = follow({
    ...world.transport,
    async *watchAccount(_owner, signal) {
      while (!signal.aborted) {
        yield { type: 'keepAlive' };
        await new Promise<void>((resolve) => {
          signs.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
      }
    },
  });
  await watched.until(() => signs.length === 1);
  expect(await watched.listed()).toBe(0);
  for (const one of world.validators) one.isUp = true;
  signs[0]?.();
  await watched.until(async () => (await watched.listed()) === 1);
  stop.abort();
  await watched.following;
});

test('comes back in growing pauses while the relay is away, and at once on a wake-up', async () => {
  const pauses: number[] = [];
  const clock = {
    ...world.clock,
    sleep: (ms: number, signal: AbortSignal) => {
      if (ms <= 30_000) pauses.push(ms);
      return world.clock.sleep(ms, signal);
    },
  };
  let attempts = 0;
  const network = new EventTarget();
  const { store, owner } = world.wallet('bob');
  const client = createClient(
    { network: world.network, owner },
    {
      store,
      clock,
      engine: createNodeEngine(),
      locks: alice.locks,
      wakeUps: createWakeUps([{ target: network, event: 'online' }]),
      random: (length) => new Uint8Array(length).fill(255),
      transport: {
        ...world.transport,
        async *watchAccount() {
          attempts++;
          yield* await Promise.reject<never[]>(new RejectError('TEMPORARILY_UNAVAILABLE', 'away'));
        },
      },
    },
  );
  const following = client.follow(() => undefined, stop.signal);
  for (let attempt = 1; attempt <= 9; attempt++) {
    await world.clock.untilSleeping((ms) => ms > 0 && ms <= 30_000);
    expect(attempts).toBe(attempt);
    if (attempt === 9) network.dispatchEvent(new Event('online'));
    else world.clock.advance(30_000);
  }
  await world.clock.untilSleeping((ms) => ms > 0 && ms <= 30_000);
  while (attempts < 10) await new Promise((resolve) => setImmediate(resolve));
  expect(pauses.slice(0, 9).map(Math.round)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  stop.abort();
  await following;
});

test('a stream that says nothing for a minute is opened anew', async () => {
  let opened = 0;
  const watched = follow({
    ...world.transport,
    async *watchAccount(_owner, signal) {
      opened++;
      yield* await new Promise<never[]>((resolve) => signal.addEventListener('abort', () => resolve([])));
    },
  });
  await world.clock.untilSleeping((ms) => ms === 60_000);
  world.clock.advance(60_000);
  await world.clock.untilSleeping((ms) => ms > 0 && ms <= 500);
  world.clock.advance(500);
  await watched.until(() => opened === 2);
  stop.abort();
  await watched.following;
});

test('forged certificates from the stream are not stored, and the line is changed', async () => {
  const certificate = (await alice.pay(world.wallet('bob').owner, DOLLAR)).at(-1)?.certificate;
  if (!certificate) throw new Error('expected a certificate');
  const forged = { ...certificate, signatures: certificate.signatures.slice(0, 2) };
  let opened = 0;
  const watched = follow({
    ...world.transport,
    accountLog: () => Promise.resolve({ certificates: [], settlements: [], nextCursor: 0n, hasMore: false }),
    async *watchAccount(_owner, signal) {
      opened++;
      yield { type: 'keepAlive' };
      yield { type: 'resolved', certificate: forged };
      yield* await new Promise<never[]>((resolve) => signal.addEventListener('abort', () => resolve([])));
    },
  });
  await world.clock.untilSleeping((ms) => ms > 0 && ms <= 500);
  world.clock.advance(500);
  await watched.until(() => opened === 2);
  expect(await watched.listed()).toBe(0);
  expect(watched.changes).toBe(0);
  stop.abort();
  await watched.following;
});

test('a store that fails ends it with the store’s own error', async () => {
  await alice.pay(world.wallet('bob').owner, DOLLAR);
  const bob = world.wallet('bob', {
    wrap: (store) => ({ ...store, recordCertificate: () => Promise.reject(new Error('disk full')) }),
  });
  await expect(bob.client.follow(() => undefined, stop.signal)).rejects.toThrow('disk full');
});

test('fetches what payments rest on beside the stream, which it does not hold up', async () => {
  const held: (() => void)[] = [];
  let inFlight = 0;
  let most = 0;
  const watched = follow({
    ...world.transport,
    async fundingClosure(hash) {
      most = Math.max(most, ++inFlight);
      await new Promise<void>((resolve) => held.push(resolve));
      inFlight--;
      return world.transport.fundingClosure(hash);
    },
  });
  for (let payment = 0; payment < 20; payment++) await alice.pay(watched.bob.owner, DOLLAR);
  await watched.until(async () => (await watched.listed()) === 20);
  const [newest] = await watched.bob.client.activity({ limit: 1 });
  if (!newest) throw new Error('expected a payment');
  expect(await watched.bob.store.closure(newest.transactionHash)).toBeUndefined();
  await watched.until(async () => {
    for (const release of held.splice(0)) release();
    return (await watched.bob.store.closure(newest.transactionHash)) !== undefined;
  });
  expect(await watched.bob.store.closure(newest.transactionHash)).toMatchObject({ complete: true });
  expect(most).toBe(1);
  stop.abort();
  await watched.following;
});

test('ends when what payments rest on cannot be stored', async () => {
  const bob = world.wallet('bob', {
    wrap: (store) => ({ ...store, recordClosure: () => Promise.reject(new Error('disk full')) }),
  });
  let failure: unknown;
  const following = bob.client
    .follow(() => undefined, stop.signal)
    .catch((error: unknown) => {
      failure = error;
    });
  // It comes out with one of the events after the one that it is about.
  while (!failure) await alice.pay(bob.owner, DOLLAR);
  await following;
  expect(failure).toMatchObject({ message: 'disk full' });
});
