import { RejectError, toSequence } from '@fastpay/protocol';
import type { BulletinEntry } from '@fastpay/rpc';
import { expect, test } from 'vitest';
import { createCertificateCache } from './certificate-cache.ts';
import { createEventHub } from './event-hub.ts';
import { followBulletin } from './follow-bulletin.ts';
import { handMadeClient } from './testing/hand-made-client.fixtures.ts';
import { alice, createTestNetwork } from './testing/network.fixtures.ts';
import type { BulletinPosition, ValidatorClient } from './upstream/validator-client.ts';

const net = createTestNetwork();
const storeId = new Uint8Array(16).fill(9);
const options = { backoffMs: { first: 1, longest: 2 }, silenceMs: 60_000 };

async function entryOf(cursor: bigint, signers: readonly number[] = [0, 1, 2]): Promise<BulletinEntry> {
  const signedOrder = await net.sign(alice, { sequence: toSequence(cursor) });
  return { cursor, event: { type: 'resolved', certificate: await net.commitCertificate(signedOrder, signers) } };
}

function failing(error: RejectError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

/** Each attempt to watch gets the next script; the last one ends the following. */
async function follow(
  scripts: readonly ((signal: AbortSignal) => AsyncIterable<{ entry?: BulletinEntry; storeId: Uint8Array }>)[],
  silenceMs = options.silenceMs,
) {
  const controller = new AbortController();
  const cache = createCertificateCache({ entries: 100, bytes: 1_000_000 });
  const hub = createEventHub(
    { watchers: 1, watchersPerClient: 1, watcherBuffer: 10, keepAliveMs: 60_000, rememberedEvents: 100 },
    { context: net.context, cache, now: () => 0, onSlowWatcher: () => {} },
  );
  const positions: (BulletinPosition | undefined)[] = [];
  const misbehaviour: number[] = [];
  const watch: ValidatorClient['watch'] = async function* (after, signal) {
    const script = scripts[positions.length];
    positions.push(after);
    if (script) yield* script(signal);
    else controller.abort();
  };
  const validator = handMadeClient(net, 0, { watch });
  const onMisbehaviour = (signer: number) => misbehaviour.push(signer);
  await followBulletin({ ...options, silenceMs }, { validator, hub, onMisbehaviour }, controller.signal);
  return { cache, positions, misbehaviour };
}

test('it starts with what is new and goes on after the last entry when the stream breaks', async () => {
  const [first, second] = [await entryOf(4n), await entryOf(5n)];
  const { cache, positions } = await follow([
    async function* () {
      yield { storeId };
      yield { entry: first, storeId };
      throw new RejectError('TEMPORARILY_UNAVAILABLE', 'gone');
    },
    async function* () {
      yield { entry: second, storeId };
      yield { storeId };
    },
  ]);
  expect(positions).toEqual([undefined, { cursor: 4n, storeId }, { cursor: 5n, storeId }]);
  expect(cache.size).toBe(2);
});

test('a keep-alive alone is no position: the past is not asked for', async () => {
  const { positions } = await follow([
    async function* () {
      yield { storeId };
    },
  ]);
  expect(positions).toEqual([undefined, undefined]);
});

test('after a change of the store it starts with what is new again', async () => {
  const entry = await entryOf(4n);
  const { positions } = await follow([
    async function* () {
      yield { entry, storeId };
    },
    () => failing(new RejectError('INVALID_FORMAT', 'store_id: the cursor belongs to another store')),
  ]);
  expect(positions).toEqual([undefined, { cursor: 4n, storeId }, undefined]);
});

test('a forged entry is counted against the validator, ends the stream and is not cached', async () => {
  const forged = await entryOf(4n, [0, 1]);
  let wentOn = false;
  const { cache, misbehaviour } = await follow([
    async function* () {
      yield { entry: forged, storeId };
      wentOn = true;
      yield { storeId };
    },
  ]);
  expect(misbehaviour).toEqual([0]);
  expect(wentOn).toBe(false);
  expect(cache.size).toBe(0);
});

test('a stream that falls silent is opened anew', async () => {
  const { positions } = await follow(
    [
      async function* (signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        throw new RejectError('TEMPORARILY_UNAVAILABLE', 'cancelled');
      },
    ],
    5,
  );
  expect(positions).toHaveLength(2);
});
