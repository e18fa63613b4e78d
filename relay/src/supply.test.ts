import { RejectError, toSequence } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { createCertificateCache } from './certificate-cache.ts';
import { createSupply } from './supply.ts';
import { handMadeClient } from './testing/hand-made-client.fixtures.ts';
import { unreachable } from './testing/hand-made-validator.fixtures.ts';
import { alice, bob, createTestNetwork } from './testing/network.fixtures.ts';
import type { ValidatorClient } from './upstream/validator-client.ts';

const net = createTestNetwork();
const signal = new AbortController().signal;

async function setup(behaviours: Readonly<Record<number, Partial<ValidatorClient>>> = {}) {
  const cache = createCertificateCache({ entries: 1_000, bytes: 10_000_000 });
  const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, behaviours[signer]));
  const history = await Promise.all(
    [0n, 1n, 2n].map(async (sequence) =>
      net.commitCertificate(await net.sign(alice, { sequence: toSequence(sequence) }), [0, 1, 2]),
    ),
  );
  const give = async (signer: number) => {
    for (const certificate of history) await validators[signer]?.resolve(certificate, signal);
  };
  const find = async (refusal: RejectError, changes = {}) => {
    const request = net.request(await net.sign(alice, { sequence: toSequence(3n), ...changes }));
    const supply = createSupply(request, { context: net.context, cache, validators });
    const lacking = handMadeClient(net, 3);
    const [first, ...rest] = await Promise.all([1, 2].map(() => supply(refusal, lacking, signal)));
    for (const again of rest) expect(again).toEqual(first);
    return first;
  };
  return { cache, validators, history, give, find };
}

describe('earlier slots of the account', () => {
  const lacking = new RejectError('MISSING_PREDECESSOR', 'next is 1', { expectedSequence: 1n });

  test('come from the cache without asking anyone', async () => {
    const silent = { bulletin: unreachable };
    const { cache, history, find } = await setup({ 0: silent, 1: silent, 2: silent });
    for (const certificate of history) cache.add(certificate);
    expect(await find(lacking)).toEqual(history.slice(1));
  });

  test('come from the first peer that has them, and are kept', async () => {
    const { cache, history, give, find } = await setup({ 0: { bulletin: unreachable } });
    await give(2);
    expect(await find(lacking)).toEqual(history.slice(1));
    expect(cache.size).toBe(3);
  });

  test('are not asked of the one that lacks them', async () => {
    const { give, find } = await setup();
    await give(3);
    expect(await find(lacking)).toEqual([]);
  });

  test('are verified: a peer that forges is passed over', async () => {
    const forged = await net.commitCertificate(await net.sign(alice, { sequence: toSequence(1n) }), [0, 1]);
    const forger: Partial<ValidatorClient> = {
      bulletin: () =>
        Promise.resolve({
          entries: [{ cursor: 1n, event: { type: 'resolved', certificate: forged } }],
          nextCursor: 1n,
          hasMore: false,
        }),
    };
    const { history, give, find } = await setup({ 0: forger });
    await give(1);
    expect(await find(lacking)).toEqual(history.slice(1));
  });

  test('a log that never ends is not read for ever', async () => {
    let pages = 0;
    const endless: Partial<ValidatorClient> = {
      bulletin: ({ afterCursor }) => {
        pages++;
        return Promise.resolve({ entries: [], nextCursor: afterCursor + 1n, hasMore: true });
      },
    };
    const stuck: Partial<ValidatorClient> = {
      bulletin: () => Promise.resolve({ entries: [], nextCursor: 0n, hasMore: true }),
    };
    const { find } = await setup({ 0: endless, 1: stuck });
    expect(await find(lacking)).toEqual([]);
    expect(pages).toBe(10);
  });

  test('are not looked for when there are too many, or when the refusal makes no sense', async () => {
    const { give, find } = await setup();
    await give(0);
    expect(
      await find(new RejectError('MISSING_PREDECESSOR', 'next is 1', { expectedSequence: 1n }), {
        sequence: toSequence(66n),
      }),
    ).toEqual([]);
    expect(await find(new RejectError('MISSING_PREDECESSOR', 'no facts'))).toEqual([]);
    expect(await find(new RejectError('MISSING_PREDECESSOR', 'later', { expectedSequence: 9n }))).toEqual([]);
  });
});

describe('parents', () => {
  test('come from the cache or a peer; one that nobody has is left out', async () => {
    const { cache, give, find, history } = await setup();
    const [known, elsewhere] = history;
    if (!known || !elsewhere) throw new Error('no history');
    cache.add(known);
    await give(1);
    const nowhere = net.request(await net.sign(bob)).transactionHash;
    const parents = [known.value, elsewhere.value, nowhere];
    const refusal = new RejectError('MISSING_PARENT', 'unknown', { missingParents: [nowhere, elsewhere.value] });
    expect(await find(refusal, { parents })).toEqual([elsewhere]);
    expect(await find(refusal, { parents: [] })).toEqual([]);
    expect(await find(new RejectError('MISSING_PARENT', 'unknown'), { parents })).toEqual([known, elsewhere]);
  });
});
