import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { type Network, PATH_USD, toAddress, toHash } from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker } from '@fastpay/storage';
import { type BulletinEntry, createValidator, type Validator } from '@fastpay/validator';
import { expect, it } from 'vitest';
import { bulletinFeed, type FeedOptions } from './bulletin-feed.ts';

const votingSigner = createNodeVotingSigner(new Uint8Array(32).fill(1));
const settlementSigner = createNodeSecp256k1Signer(new Uint8Array(32).fill(2));
const network: Network = {
  name: 'test',
  kind: 'devnet',
  domain: { chainId: 1n, reserve: toAddress(`0x${'11'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) },
  committee: {
    epoch: 0n,
    members: [
      { name: 'Dave', votingKey: votingSigner.publicKey, settlementAddress: settlementSigner.address, stake: 1n },
    ],
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 0n, newRecipientSurcharge: 0n },
  exitDelaySeconds: 604_800n,
};
const alice = toAddress(`0x${'aa'.repeat(20)}`);
const bob = toAddress(`0x${'bb'.repeat(20)}`);

function setup() {
  const validator = createValidator(
    { network, signer: 0 },
    {
      kv: createMemoryKv(),
      marker: createMemoryMarker(),
      engine: createNodeEngine(),
      votingSigner,
      settlementSigner,
      newStoreId: () => new Uint8Array(16),
    },
  );
  let index = 0n;
  /** Each deposit is one entry of the log. */
  const deposit = async (count: number, owner = alice) => {
    const block = {
      height: index + 1n,
      hash: toHash(`0x${(index + 1n).toString(16).padStart(64, '0')}`),
      timestamp: 1n,
    };
    const deposits = Array.from({ length: count }, () => {
      const account = { owner, asset: PATH_USD };
      return { index: index++, account, amount: 1n, block };
    });
    await validator.applyFinalized(block, { deposits, exits: [] });
  };
  return { validator, deposit };
}

async function feedOf(
  validator: Validator,
  options: Partial<FeedOptions> = {},
  pace: () => Promise<void> = () => Promise.resolve(),
) {
  const overflows = { count: 0 };
  const feed = bulletinFeed(
    { filter: {}, from: { afterCursor: 0n }, keepAliveMs: 60_000, signal: new AbortController().signal, ...options },
    {
      validator,
      pace,
      onOverflow: () => {
        overflows.count++;
      },
    },
  );
  const iterator = feed[Symbol.asyncIterator]();
  const next = async (): Promise<bigint | string> => {
    const { value } = await iterator.next();
    return value === 'keepAlive' ? value : (value as BulletinEntry).cursor;
  };
  expect(await next()).toBe('keepAlive');
  return { next, overflows };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => BigInt(first + at));

async function take(next: () => Promise<bigint | string>, count: number): Promise<(bigint | string)[]> {
  const taken: (bigint | string)[] = [];
  for (let at = 0; at < count; at++) taken.push(await next());
  return taken;
}

it('replays from a cursor over many pages and goes on live without a gap or a repetition', async () => {
  const { validator, deposit } = setup();
  await deposit(250);
  const { next } = await feedOf(validator, { from: { afterCursor: 10n } });
  expect(await take(next, 200)).toEqual(upTo(210, 11));
  await deposit(5);
  expect(await take(next, 45)).toEqual(upTo(255, 211));
  const waiting = next();
  await deposit(1);
  expect(await waiting).toBe(256n);
});

it('waits before each page that it reads from the store, and misses nothing that comes meanwhile', async () => {
  const { validator, deposit } = setup();
  await deposit(250);
  let paced = 0;
  const { next } = await feedOf(validator, {}, async () => {
    paced++;
    await deposit(1);
  });
  expect(await take(next, 100)).toEqual(upTo(100));
  expect(paced).toBe(1);
  expect(await take(next, 153)).toEqual(upTo(253, 101));
  expect(paced).toBe(3);
  const waiting = next();
  await deposit(1);
  expect(await waiting).toBe(254n);
  expect(paced).toBe(3);
});

it('begins with what comes when asked to', async () => {
  const { validator, deposit } = setup();
  await deposit(3);
  const { next } = await feedOf(validator, { from: 'now' });
  await deposit(1);
  expect(await next()).toBe(4n);
});

it.each([
  ['the beginning', { afterCursor: 0n }],
  ['now', 'now'],
] as const)('leaves nothing out for a slow reader that began at %s', async (_name, from) => {
  const { validator, deposit } = setup();
  const { next, overflows } = await feedOf(validator, { from });
  const first = next();
  await deposit(1);
  expect(await first).toBe(1n);
  for (let round = 0; round < 4; round++) await deposit(200);
  expect(overflows.count).toBe(1);
  expect(await take(next, 800)).toEqual(upTo(801, 2));
  const waiting = next();
  await deposit(1);
  expect(await waiting).toBe(802n);
});

it('leaves nothing out when entries pile up before the first is read', async () => {
  const { validator, deposit } = setup();
  await deposit(7);
  const { next } = await feedOf(validator, { from: 'now' });
  for (let round = 0; round < 4; round++) await deposit(200);
  expect(await next()).toBe(8n);
  expect(await take(next, 799)).toEqual(upTo(807, 9));
});

it('shows one owner what concerns it, stored and live', async () => {
  const { validator, deposit } = setup();
  await deposit(2, bob);
  await deposit(1, alice);
  const { next } = await feedOf(validator, { filter: { owner: alice } });
  expect(await next()).toBe(3n);
  const waiting = next();
  await deposit(1, bob);
  await deposit(1, alice);
  expect(await waiting).toBe(5n);
});

it('says that it is alive while nothing comes, and ends with its signal', async () => {
  const { validator } = setup();
  const controller = new AbortController();
  const { next } = await feedOf(validator, { keepAliveMs: 1, signal: controller.signal });
  expect(await take(next, 2)).toEqual(['keepAlive', 'keepAlive']);
  controller.abort(new Error('the validator is stopping'));
  await expect(next()).rejects.toThrow('the validator is stopping');
});
