import { PATH_USD } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import type { PaymentProgress } from '../client.ts';
import { createWakeUps } from '../ports/wake.ts';
import { createSplit } from '../testing/split.fixtures.ts';
import { createWorld, recording, type Wallet, type World } from '../testing/world.fixtures.ts';
import { keepFinishing } from './keep-finishing.ts';

const DOLLAR = 1_000_000n;

let world: World;
let wallet: Wallet;
let transport: ReturnType<typeof recording>;
const seen: PaymentProgress[] = [];
const random = (length: number) => new Uint8Array(length);
const options = { asset: PATH_USD, onProgress: (progress: PaymentProgress) => seen.push(progress) };

/** A payment that was signed while everybody answered, and sent when two validators were gone. */
beforeEach(async () => {
  seen.length = 0;
  world = await createWorld();
  let isFirst = true;
  transport = recording({
    ...world.transport,
    submitPayment(request, signal) {
      if (isFirst) setUp(0, 1, false);
      isFirst = false;
      return world.transport.submitPayment(request, signal);
    },
  });
  wallet = world.wallet('alice', { transport });
  await world.deposit(wallet.owner, 100n * DOLLAR);
  await wallet.pay(world.wallet('bob').owner, DOLLAR);
});

function setUp(first: number, second: number, isUp: boolean): void {
  for (const one of world.validators) if (one.signer === first || one.signer === second) one.isUp = isUp;
}

const isPause = (ms: number) => ms > 0 && ms <= 30_000 && ms !== 20_000;

test('completes the payment by itself once enough validators are back', async () => {
  const finishing = keepFinishing(wallet.client, options, new AbortController().signal, { clock: world.clock, random });
  for (let attempt = 0; attempt < 3; attempt++) {
    await world.clock.untilSleeping(isPause);
    expect(seen.at(-1)?.state).toBe('stalled');
    world.clock.advance(30_000);
  }
  await world.clock.untilSleeping(isPause);
  setUp(1, 1, true);
  world.clock.advance(30_000);
  await finishing;
  expect(seen.at(-1)).toMatchObject({ state: 'paid' });
  expect(new Set(transport.sent).size).toBe(1);
  expect(transport.sent).toHaveLength(6);
  expect(await wallet.client.pending(PATH_USD)).toBeUndefined();
});

test('does not wait out a pause when the network comes back', async () => {
  const network = new EventTarget();
  const wakeUps = createWakeUps([{ target: network, event: 'online' }]);
  const finishing = keepFinishing(wallet.client, options, new AbortController().signal, {
    clock: world.clock,
    random,
    wakeUps,
  });
  await world.clock.untilSleeping(isPause);
  setUp(0, 1, true);
  network.dispatchEvent(new Event('online'));
  await finishing;
  expect(seen.at(-1)?.state).toBe('paid');
});

test('ends with an abort, and the payment stays open', async () => {
  const stop = new AbortController();
  const finishing = keepFinishing(wallet.client, options, stop.signal, { clock: world.clock, random });
  await world.clock.untilSleeping(isPause);
  stop.abort();
  await finishing;
  expect(await wallet.client.pending(PATH_USD)).toBeDefined();
});

test('ends at once when nothing is open', async () => {
  setUp(0, 1, true);
  await wallet.resume();
  seen.length = 0;
  await keepFinishing(wallet.client, options, new AbortController().signal, { clock: world.clock, random });
  expect(seen).toEqual([]);
});

test('runs rounds with the key once it is unlocked, and never without', async () => {
  const split = await createWorld();
  await split.deposit(split.wallet('alice').owner, 100n * DOLLAR);
  const { first, mine } = await createSplit(split);
  let unlocked = false;
  const pauses: number[] = [];
  const signer = () => (unlocked ? first.signer : undefined);
  const told = { ...options, signer, onPause: (delayMs: number) => pauses.push(delayMs) };
  const finishing = keepFinishing(first.client, told, new AbortController().signal, { clock: split.clock, random });
  await split.clock.untilSleeping(isPause);
  expect(seen.at(-1)).toMatchObject({ state: 'stalled', stalled: { code: 'EQUIVOCATION' } });
  expect(first.transport.opened).toEqual([]);
  unlocked = true;
  split.clock.advance(30_000);
  await finishing;
  expect(seen.at(-1)).toMatchObject({ state: 'paid', transactionHash: mine.transactionHash, round: { round: 1 } });
  expect(pauses).toEqual([250]);
});
