import { type CommitCertificate, PATH_USD, RejectError, toAmount } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createTestNetwork } from '../testing/network.fixtures.ts';
import { createWorld, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

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

const payMany = async (count: number) => {
  const certificates: CommitCertificate[] = [];
  for (let payment = 1n; payment <= count; payment++) {
    const certificate = (await alice.pay(bob.owner, payment)).at(-1)?.certificate;
    if (certificate) certificates.push(certificate);
  }
  return certificates;
};
const amounts = (certificates: readonly CommitCertificate[]) =>
  certificates.map((certificate) => certificate.signedOrder?.order.amount);

type Log = Transport['accountLog'];
const withLog = (change: (log: Log) => Log) =>
  world.wallet('bob', { transport: { ...world.transport, accountLog: change(world.transport.accountLog) } });

test('brings everything that is new, oldest first, over all pages, once', async () => {
  await payMany(10);
  expect(amounts(await bob.client.sync())).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n]);
  expect(await bob.client.sync()).toEqual([]);
  await payMany(1);
  expect(amounts(await bob.client.sync())).toEqual([1n]);
  expect((await bob.client.activity({ limit: 3 })).map(({ order }) => order.amount)).toEqual([1n, 10n, 9n]);
});

test('reads each log on from where it was left', async () => {
  const asked: string[] = [];
  const wallet = withLog((log) => (request) => {
    asked.push(`${request.signer} after ${request.afterCursor}`);
    return log(request);
  });
  await payMany(4);
  for (let round = 0; round < 8; round++) await wallet.client.sync();
  const beginnings = asked.filter((question) => question.endsWith('after 0'));
  expect(new Set(beginnings).size).toBe(beginnings.length);
});

test('a restored wallet gets its own payments back too', async () => {
  await payMany(2);
  const restored = world.wallet('alice');
  expect(await restored.client.sync()).toHaveLength(2);
  expect(await restored.client.activity({ limit: 10 })).toMatchObject([
    { direction: 'sent', stage: 'QUEUED_ONCHAIN', order: { amount: 2n } },
    { direction: 'sent', stage: 'QUEUED_ONCHAIN', order: { amount: 1n } },
  ]);
});

test('a certificate closes the open payment that it is over', async () => {
  const stalled = world.wallet('alice', {
    transport: {
      ...world.transport,
      async *submitPayment(request, signal) {
        for await (const event of world.transport.submitPayment(request, signal))
          if (event.type === 'vote') yield event;
      },
    },
  });
  expect((await stalled.pay(bob.owner, DOLLAR)).at(-1)?.state).toBe('stalled');
  await stalled.client.sync();
  expect(await stalled.client.pending(PATH_USD)).toBeUndefined();
  expect(await stalled.client.activity({ limit: 1 })).toMatchObject([{ stage: 'QUEUED_ONCHAIN' }]);
});

test('money that somebody takes out to this address on chain is not money received here', async () => {
  await alice.pay(bob.owner, DOLLAR, { kind: 1 });
  expect(await bob.client.sync()).toEqual([]);
  expect(await bob.client.activity({ limit: 10 })).toEqual([]);
});

test('a payment that turns up after its time is dated to it, not to today', async () => {
  const [certificate] = await payMany(1);
  const validUntilMs = Number(certificate?.signedOrder?.order.validUntil) * 1_000;
  world.clock.advance(30 * 86_400_000);
  await bob.client.sync();
  expect((await bob.client.activity({ limit: 1 }))[0]?.createdAtMs).toBe(validUntilMs);
  expect(validUntilMs).toBeLessThan(world.clock.nowMs());
});

describe('does not depend on one validator', () => {
  test('one that leaves payments out', async () => {
    await payMany(3);
    for (let liar = 0; liar < 4; liar++) {
      const wallet = withLog((log) => async (request) => {
        const page = await log(request);
        return request.signer === liar ? { ...page, certificates: [] } : page;
      });
      expect(await wallet.client.sync()).toHaveLength(3);
    }
  });

  test('one that is away', async () => {
    await payMany(3);
    for (const away of world.validators) {
      away.isUp = false;
      expect(await world.wallet('bob').client.sync()).toHaveLength(3);
      away.isUp = true;
    }
  });

  test('one that forges', async () => {
    const [real] = await payMany(1);
    if (!real?.signedOrder) throw new Error('expected a certificate');
    const stranger = createEvidence(createTestNetwork({ seed: 'another network' }));
    const order = { ...real.signedOrder.order, amount: toAmount(90n * DOLLAR) };
    const lies = [
      await stranger.certificate(real.signedOrder),
      { ...real, signedOrder: { ...real.signedOrder, order } },
      { ...real, signatures: real.signatures.slice(0, 2) },
    ];
    for (const lie of lies) {
      const wallet = withLog((log) => async (request) => {
        const page = await log(request);
        return request.signer === 0 ? { ...page, certificates: [lie] } : page;
      });
      expect(amounts(await wallet.client.sync())).toEqual([1n]);
      expect(await wallet.client.activity({ limit: 10 })).toHaveLength(1);
    }
  });

  test('but needs validators of stake ≥ v: with fewer it says that something may be missing, and keeps what came', async () => {
    await payMany(2);
    for (const one of world.validators.slice(0, 3)) one.isUp = false;
    await expect(bob.client.sync()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    expect(await bob.client.activity({ limit: 10 })).toHaveLength(2);
  });
});

test('a log without an end is left', async () => {
  let pages = 0;
  const circling = withLog(() => ({ afterCursor }) => {
    pages++;
    return Promise.resolve({ certificates: [], settlements: [], nextCursor: afterCursor, hasMore: true });
  });
  await expect(circling.client.sync()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  const endless = withLog(() => ({ afterCursor }) => {
    pages++;
    return Promise.resolve({ certificates: [], settlements: [], nextCursor: afterCursor + 1n, hasMore: true });
  });
  await endless.client.sync();
  expect(pages).toBeLessThanOrEqual(4 + 2 * 1_000);
});

describe('hearsay about the chain', () => {
  const hinted = (certificate: CommitCertificate, stage: 'INCLUDED' | 'FINALIZED' | 'QUEUED_ONCHAIN' | 'SKIPPED') =>
    withLog((log) => async (request) => ({
      ...(await log(request)),
      settlements: [{ transactionHash: certificate.value, stage }],
    }));

  test('is kept beside what is proven, and never in its place', async () => {
    const [certificate] = await payMany(1);
    if (!certificate) throw new Error('expected a certificate');
    const wallet = hinted(certificate, 'INCLUDED');
    await wallet.client.sync();
    const [item] = await wallet.client.activity({ limit: 1 });
    expect(item).toMatchObject({ stage: 'QUEUED_ONCHAIN', observed: { stage: 'INCLUDED' } });
    // It may have happened long ago.
    expect(item?.observed).not.toHaveProperty('heardAtMs');
  });

  test('cannot skip or unpay a payment', async () => {
    const [certificate] = await payMany(1);
    if (!certificate) throw new Error('expected a certificate');
    for (const stage of ['SKIPPED', 'QUEUED_ONCHAIN'] as const) {
      const wallet = hinted(certificate, stage);
      await wallet.client.sync();
      const [item] = await wallet.client.activity({ limit: 1 });
      expect(item?.stage).toBe('QUEUED_ONCHAIN');
      expect(item).not.toHaveProperty('observed');
    }
  });
});

describe('receive', () => {
  test('takes in a certificate once', async () => {
    const [certificate] = await payMany(1);
    if (!certificate) throw new Error('expected a certificate');
    expect(await bob.client.receive(certificate)).toBe(true);
    expect(await bob.client.receive(certificate)).toBe(false);
  });

  test('refuses what proves nothing, and what is not about this account', async () => {
    const [certificate] = await payMany(1);
    if (!certificate) throw new Error('expected a certificate');
    const short = { ...certificate, signatures: certificate.signatures.slice(1, 3) };
    await expect(bob.client.receive(short)).rejects.toMatchObject({ code: 'INVALID_CERTIFICATE' });
    const carol = world.wallet('carol');
    await expect(carol.client.receive(certificate)).rejects.toMatchObject({ code: 'INVALID_CERTIFICATE' });
    await expect(carol.client.receive(certificate)).rejects.toBeInstanceOf(RejectError);
    expect(await carol.client.activity({ limit: 1 })).toEqual([]);
  });

  test('stops at two certificates for one slot', async () => {
    const evidence = createEvidence(world);
    const [one, two] = await Promise.all(
      [1n, 2n].map(async (amount) => {
        const { signedOrder } = await evidence.order({ amount: toAmount(amount), recipient: bob.owner }, alice.signer);
        return evidence.certificate(signedOrder);
      }),
    );
    if (!one || !two) throw new Error('expected certificates');
    await bob.client.receive(one);
    await expect(bob.client.receive(two)).rejects.toMatchObject({ code: 'CONFLICTING_CERTIFICATES' });
    expect(await bob.client.activity({ limit: 10 })).toHaveLength(1);
  });
});
