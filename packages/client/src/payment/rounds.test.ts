import { type PayerSigner, signNewRound } from '@fastpay/crypto';
import { PATH_USD, SKIP, toSequence } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PaymentProgress } from '../client.ts';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createSplit, dyingAfterCommits, nothing, sendingTo } from '../testing/split.fixtures.ts';
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

const split = () => createSplit(world);
const last = (snapshots: readonly PaymentProgress[]) => snapshots.at(-1);

async function expectAgreement(spent: bigint, next = 1n): Promise<void> {
  const { account } = world.wallet('alice');
  for (const one of world.validators) {
    expect(await ledgerOf(one, account, world.clock)).toEqual({ balance: 100n * DOLLAR - spent, next });
  }
}

describe('a slot split between two orders', () => {
  test('cannot be ended by sending the same bytes again', async () => {
    const { first, second } = await split();
    expect(last(await first.resume())).toMatchObject({ state: 'stalled', stalled: { code: 'EQUIVOCATION' } });
    expect(last(await second.resume())).toMatchObject({ state: 'stalled' });
    expect(first.transport.opened).toEqual([]);
  });

  test('is ended by its owner in one round, and each device is told what happened', async () => {
    const { first, second, mine, other } = await split();
    const end = last(await first.finish());
    expect(end).toMatchObject({
      state: 'paid',
      transactionHash: mine.transactionHash,
      round: { round: 1, promises: [0, 1, 2, 3], value: mine.transactionHash },
      ending: { outcome: 'paid', tooLateToCancel: false },
    });
    expect(first.transport.proposed).toHaveLength(1);
    const told = last(await second.finish());
    expect(told).toMatchObject({
      state: 'skipped',
      transactionHash: other.transactionHash,
      ending: { outcome: 'replaced', sameRecipientAndMemo: false },
    });
    expect(told?.ending?.message).toMatch(/Another payment of this account is paid instead; this one never will be/);
    expect(second.transport.proposed).toEqual([]);
    await expectAgreement(10n * DOLLAR + FEE);
    expect(last(await second.pay(carol.owner, DOLLAR))).toMatchObject({ state: 'paid', order: { sequence: 1n } });
  });

  test('shows the other order once it was met, and how far the rounds are', async () => {
    const { first, mine, other } = await split();
    expect(await first.client.pending(PATH_USD)).toMatchObject({
      transactionHash: mine.transactionHash,
      origin: 'signed',
      expired: false,
      rivals: [],
      round: 0,
      cancelling: false,
    });
    await first.resume();
    expect(await first.client.pending(PATH_USD)).toMatchObject({
      rivals: [{ transactionHash: other.transactionHash }],
    });
  });

  test('can be cancelled: nothing is paid, on either device', async () => {
    const { first, second } = await split();
    const end = last(await first.cancel());
    expect(end).toMatchObject({ state: 'skipped', certificate: { value: SKIP }, ending: { outcome: 'cancelled' } });
    expect(end?.ending?.message).toMatch(/cancelled: nothing was paid/);
    expect(last(await second.finish())).toMatchObject({ state: 'skipped', ending: { outcome: 'cancelled' } });
    await expectAgreement(0n);
    const items = await first.client.activity({ limit: 10 });
    expect(items.map(({ stage }) => stage)).toContain('SKIPPED');
    expect(items.map(({ stage }) => stage)).not.toContain('QUEUED_ONCHAIN');
    expect(last(await first.pay(bob.owner, DOLLAR))).toMatchObject({ state: 'paid', order: { sequence: 1n } });
  });

  test('needs a quorum: with less it waits, and ends when they are back', async () => {
    const { first } = await split();
    for (const one of world.validators.slice(2)) one.isUp = false;
    expect(last(await first.finish())).toMatchObject({ state: 'stalled' });
    expect(last(await first.cancel())).toMatchObject({ state: 'stalled', round: { round: 1 } });
    for (const one of world.validators) one.isUp = true;
    expect(last(await first.cancel())).toMatchObject({ state: 'skipped', ending: { outcome: 'cancelled' } });
  });

  test('is left alone without a key', async () => {
    const { first } = await split();
    const end = last(await collect(first.client.finish(PATH_USD, undefined)));
    expect(end).toMatchObject({ state: 'stalled' });
    expect(first.transport.opened).toEqual([]);
    await expect(collect(first.client.cancel(PATH_USD, bob.signer))).rejects.toMatchObject({ code: 'WRONG_SIGNER' });
  });

  test('that a device left with a signed proposal ends without a key, by its bytes', async () => {
    const { first, mine } = await split();
    const silent: Transport = { ...world.transport, submitProposal: () => nothing() };
    const stopped = world.wallet('alice', { rows: first.rows, transport: silent });
    expect(last(await stopped.finish())).toMatchObject({ state: 'stalled' });
    expect(await first.client.pending(PATH_USD)).toMatchObject({ round: 1, cancelling: false });
    expect(last(await first.resume())).toMatchObject({ state: 'paid', transactionHash: mine.transactionHash });
    expect(first.transport.opened).toEqual([]);
    expect(first.transport.proposed).toHaveLength(1);
  });
});

test('a slot is ended with an order of its own, although another comes up in a lower one meanwhile', async () => {
  const elsewhere = world.wallet('alice');
  const before = last(await elsewhere.pay(bob.owner, DOLLAR));
  const entry = before && (await elsewhere.store.entry(before.transactionHash));
  // As if its log had not been read yet: this device does not know how slot 0 ended.
  const accountLog: Transport['accountLog'] = ({ afterCursor }) =>
    Promise.resolve({ certificates: [], settlements: [], nextCursor: afterCursor, hasMore: false });
  const device = world.wallet('alice', { transport: { ...sendingTo(world, 0, 1), accountLog } });
  const [mine] = await device.pay(bob.owner, 10n * DOLLAR);
  const rival = world.wallet('alice', { transport: sendingTo(world, 2, 3) });
  await rival.pay(carol.owner, 20n * DOLLAR);

  const lower = world.wallet('alice', {
    rows: device.rows,
    transport: {
      ...world.transport,
      accountLog,
      async collectPromises(request, signal) {
        // A validator that lags shows what it holds in slot 0.
        const { transactionHash, signedOrder, createdAtMs } = entry ?? expect.unreachable();
        const adopted = { transactionHash, signedOrder, createdAtMs, origin: 'adopted' as const };
        expect(await device.store.journal(adopted)).toEqual({ type: 'journaled' });
        return world.transport.collectPromises(request, signal);
      },
    },
  });
  expect(last(await lower.finish())).toMatchObject({
    state: 'paid',
    transactionHash: mine?.transactionHash,
    order: { sequence: 1n },
  });
  // What is open now is the lower one, which is found to be over.
  expect(await lower.client.pending(PATH_USD)).toMatchObject({ transactionHash: before?.transactionHash, rivals: [] });
  expect(last(await lower.finish())).toMatchObject({ state: 'paid', transactionHash: before?.transactionHash });
  // The second time bob is no new recipient.
  await expectAgreement(11n * DOLLAR + FEE + 2_000n, 2n);
});

describe('a slot that is resolved while this device ends it', () => {
  const endedBy = async (moment: 'promises' | 'signature') => {
    const { first, second, other } = await split();
    const signer = { ...first.signer };
    let isDone = false;
    // Its own live stream brings the certificate in between.
    const elsewhere = async () => {
      if (isDone) return;
      isDone = true;
      const certificate = last(await second.finish())?.certificate;
      if (certificate) await first.client.receive(certificate);
    };
    const device = world.wallet('alice', {
      rows: first.rows,
      transport: {
        ...world.transport,
        async collectPromises(request, signal) {
          const collected = await world.transport.collectPromises(request, signal);
          if (moment === 'promises') await elsewhere();
          return collected;
        },
      },
    });
    const signing: PayerSigner = {
      address: signer.address,
      async sign(digest) {
        if (moment === 'signature') await elsewhere();
        return signer.sign(digest);
      },
    };
    return { end: last(await collect(device.client.finish(PATH_USD, signing))), other };
  };

  test.each(['promises', 'signature'] as const)('between its %s and the journal is seen to be over', async (moment) => {
    const { end, other } = await endedBy(moment);
    expect(end).toMatchObject({
      state: 'skipped',
      certificate: { value: other.transactionHash },
      ending: { outcome: 'replaced' },
    });
  });
});

describe('an order that a validator has committed to', () => {
  test('cannot be cancelled any more: it is finished, and the owner is told so', async () => {
    const dying = world.wallet('alice', { transport: dyingAfterCommits(world, 1) });
    const [mine] = await dying.pay(bob.owner, 10n * DOLLAR);
    const device = world.wallet('alice', { rows: dying.rows });
    const end = last(await device.cancel());
    expect(end).toMatchObject({
      state: 'paid',
      transactionHash: mine?.transactionHash,
      round: { round: 1, value: mine?.transactionHash },
      ending: { outcome: 'paid', tooLateToCancel: true },
    });
    expect(end?.ending?.message).toBe('It had been certified already: it is paid.');
    await expectAgreement(10n * DOLLAR + FEE);
  });

  test('is carried into the round of a device that has never heard of it', async () => {
    const dying = world.wallet('alice', { transport: dyingAfterCommits(world, 1) });
    const [theirs] = await dying.pay(bob.owner, 10n * DOLLAR);
    const second = world.wallet('alice', { transport: sendingTo(world) });
    const [mine] = await second.pay(carol.owner, 20n * DOLLAR);
    const device = world.wallet('alice', { rows: second.rows });
    const end = last(await device.cancel());
    expect(end).toMatchObject({
      state: 'skipped',
      transactionHash: mine?.transactionHash,
      certificate: { value: theirs?.transactionHash },
      ending: { outcome: 'replaced', tooLateToCancel: true },
    });
    expect(await device.client.pending(PATH_USD)).toBeUndefined();
    await expectAgreement(10n * DOLLAR + FEE);
  });

  test('and that is paid meanwhile is what cancelling finds', async () => {
    const dying = world.wallet('alice', { transport: dyingAfterCommits(world, 1) });
    await dying.pay(bob.owner, 10n * DOLLAR);
    expect(last(await world.wallet('alice').resume())).toBeUndefined();
    const restored = world.wallet('alice');
    await restored.client.sync();
    expect(last(await restored.resume())?.state).toBe('paid');
    const device = world.wallet('alice', { rows: dying.rows });
    expect(last(await device.cancel())).toMatchObject({ state: 'paid', ending: { tooLateToCancel: true } });
  });

  test('by a validator that is away does not keep the others from cancelling, and it follows them', async () => {
    const dying = world.wallet('alice', { transport: dyingAfterCommits(world, 1) });
    await dying.pay(bob.owner, 10n * DOLLAR);
    const [locked] = world.validators;
    if (!locked) throw new Error('expected a validator');
    locked.isUp = false;
    const device = world.wallet('alice', { rows: dying.rows });
    expect(last(await device.cancel())).toMatchObject({ ending: { outcome: 'cancelled', tooLateToCancel: false } });
    locked.isUp = true;
    await device.client.account(PATH_USD);
    await expectAgreement(0n);
  });
});

describe('a cancellation that was asked for', () => {
  const pair = () => {
    const [, , third, fourth] = world.validators;
    if (!third || !fourth) throw new Error('expected four validators');
    return (isUp: boolean) => {
      third.isUp = fourth.isUp = isUp;
    };
  };

  test('while too few validators answer outlives the app: the payment is not finished instead', async () => {
    const setUp = pair();
    const alice = world.wallet('alice');
    await alice.client.account(PATH_USD);
    setUp(false);
    expect(last(await alice.pay(bob.owner, 10n * DOLLAR))).toMatchObject({ state: 'stalled' });
    expect(last(await alice.cancel())).toMatchObject({ state: 'stalled' });
    setUp(true);
    const restarted = world.wallet('alice', { rows: alice.rows });
    expect(await restarted.client.pending(PATH_USD)).toMatchObject({ cancelling: true });
    expect(last(await restarted.finish())).toMatchObject({ ending: { outcome: 'cancelled', tooLateToCancel: false } });
    await expectAgreement(0n);
  });

  test('is written down before anybody is asked, and without the key nothing is sent against it', async () => {
    const setUp = pair();
    const alice = world.wallet('alice');
    await alice.client.account(PATH_USD);
    setUp(false);
    await alice.pay(bob.owner, 10n * DOLLAR);
    const dies = () => Promise.reject(new Error('the app was closed'));
    const dying = world.wallet('alice', {
      rows: alice.rows,
      transport: { ...world.transport, accountStatements: dies, collectPromises: dies },
    });
    await expect(dying.cancel()).rejects.toThrow('the app was closed');
    setUp(true);
    const transport = recording(world.transport);
    const restarted = world.wallet('alice', { rows: alice.rows, transport });
    expect(last(await restarted.resume())).toMatchObject({ state: 'stalled' });
    expect(transport.sent).toEqual([]);
    expect(last(await restarted.finish())).toMatchObject({ ending: { outcome: 'cancelled' } });
    expect(await restarted.client.pending(PATH_USD)).toBeUndefined();
    // It was for that slot only.
    expect(last(await restarted.pay(bob.owner, DOLLAR))).toMatchObject({ state: 'paid', order: { sequence: 1n } });
  });
});

test('slots that were left empty, however many, go along with the next payment to who missed them', async () => {
  const alice = world.wallet('alice');
  await alice.client.account(PATH_USD);
  const [, , third, fourth] = world.validators;
  if (!third || !fourth) throw new Error('expected four validators');
  fourth.isInformed = false;
  for (let skipped = 0; skipped < 3; skipped++) {
    third.isUp = fourth.isUp = false;
    await alice.pay(bob.owner, DOLLAR);
    third.isUp = true;
    expect(last(await alice.cancel())).toMatchObject({ ending: { outcome: 'cancelled' } });
  }
  fourth.isUp = true;
  third.isUp = false;
  expect(await ledgerOf(fourth, alice.account, world.clock)).toMatchObject({ next: 0n });
  // Three of four are needed, and one of those is the one that missed all three.
  expect(last(await alice.pay(bob.owner, DOLLAR))).toMatchObject({ state: 'paid', order: { sequence: 3n } });
});

describe('an order that cannot pass', () => {
  test('because its time is over is cancelled by finishing', async () => {
    const { first, second } = await split();
    world.clock.advance(700_000);
    for (const { validator } of world.validators) expect(validator.mode()).toBe('signing');
    await world.deposit(bob.owner, DOLLAR);
    expect(await first.client.pending(PATH_USD)).toMatchObject({ expired: true });
    const end = last(await first.finish());
    expect(end).toMatchObject({ state: 'skipped', ending: { outcome: 'cancelled', tooLateToCancel: false } });
    expect(last(await second.finish())).toMatchObject({ ending: { outcome: 'cancelled' } });
  });

  test('because the device’s clock is behind is tried, refused and then cancelled', async () => {
    const { first } = await split();
    world.clock.advance(700_000);
    await world.deposit(bob.owner, DOLLAR);
    const behind = { ...world.clock, nowMs: () => world.clock.nowMs() - 700_000 };
    const transport = recording(world.transport);
    const device = world.wallet('alice', { rows: first.rows, clock: behind, transport });
    expect(last(await device.finish())).toMatchObject({ ending: { outcome: 'cancelled' } });
    expect(transport.proposed.map(({ round, value }) => [round, value === SKIP])).toEqual([
      [1, false],
      [2, true],
    ]);
  });
});

describe('rounds that were opened before', () => {
  test.each([1, 2, 5, 100, 70_000])('by a device that is gone, up to round %d, are passed', async (round) => {
    const { first, mine } = await split();
    const { context } = createEvidence(world);
    const slot = { ...first.account, sequence: toSequence(0n) };
    const newRound = await signNewRound(context, slot, round, first.signer);
    await world.transport.collectPromises({ newRound, attachments: [] }, new AbortController().signal);
    const end = last(await first.finish());
    expect(end).toMatchObject({ state: 'paid', transactionHash: mine.transactionHash });
    const tried = first.transport.opened.map((opened) => opened.round);
    expect(tried.slice(0, 3)).toEqual([1, 2, 4].slice(0, tried.length));
    expect(tried.at(-1)).toBeGreaterThanOrEqual(round);
  });
});
