import {
  type Ballot,
  type CommitCertificate,
  encodeCertificate,
  encodeSignedOrder,
  RejectError,
  SKIP,
  slotOf,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createTestNetwork } from '../testing/network.fixtures.ts';
import type { TransportPaymentEvent } from '../transport.ts';
import { type Collector, createCollector } from './collector.ts';

const evidence = createEvidence(createTestNetwork());
const stranger = createEvidence(createTestNetwork({ seed: 'another network' }));

type Order = Awaited<ReturnType<typeof evidence.order>>;
let payment: Order;
let other: Order;
let ballot: Ballot;
beforeAll(async () => {
  payment = await evidence.order();
  other = await evidence.order({ amount: toAmount(99n) });
  ballot = { slot: slotOf(payment.signedOrder.order), round: 0, value: payment.value };
});

const create = () => createCollector(evidence.context, { ...payment, slot: ballot.slot, round: 0 });
const voteOf = async (signer: number, of = ballot): Promise<TransportPaymentEvent> => ({
  type: 'vote',
  vote: await evidence.vote(signer, of),
});
const commitOf = async (signer: number, of = ballot): Promise<TransportPaymentEvent> => ({
  type: 'commit',
  commit: await evidence.commit(signer, of),
});
const takeAll = async (collector: Collector, events: readonly Promise<TransportPaymentEvent>[]) => {
  const findings: string[] = [];
  for (const event of events) findings.push((await collector.take(await event)).type);
  return findings;
};

describe('counts what verifies', () => {
  test('votes of distinct validators certify at a quorum', async () => {
    const collector = create();
    await takeAll(collector, [voteOf(2), voteOf(0)]);
    expect(collector).toMatchObject({ votes: [0, 2], isCertified: false });
    await takeAll(collector, [voteOf(3)]);
    expect(collector).toMatchObject({ votes: [0, 2, 3], isCertified: true });
  });

  test('a quorum certificate certifies by itself', async () => {
    const collector = create();
    const certificate = await evidence.quorum(payment.signedOrder, [1, 2, 3]);
    expect(await collector.take({ type: 'quorum', certificate })).toEqual({ type: 'progress' });
    expect(collector).toMatchObject({ votes: [1, 2, 3], commits: [], isCertified: true });
  });

  test('commits of a quorum make the certificate, without anyone sending it', async () => {
    const collector = create();
    expect(await takeAll(collector, [commitOf(3), commitOf(1)])).toEqual(['progress', 'progress']);
    const finding = await collector.take(await commitOf(0));
    expect(finding).toEqual({
      type: 'resolved',
      certificate: await evidence.certificate(payment.signedOrder, [0, 1, 3]),
    });
    expect(collector).toMatchObject({ commits: [0, 1, 3], isCertified: true });
  });

  test('a commit certificate resolves', async () => {
    const collector = create();
    const certificate = await evidence.certificate(payment.signedOrder);
    expect(await collector.take({ type: 'paid', certificate })).toEqual({ type: 'resolved', certificate });
    expect(collector).toMatchObject({ commits: [0, 1, 2], isCertified: true });
  });

  test('a certificate over something else in the slot resolves it too, without counting for the payment', async () => {
    for (const certificate of [
      await evidence.certificate(other.signedOrder),
      await evidence.certificate(payment.signedOrder, undefined, SKIP),
    ]) {
      const collector = create();
      expect(await collector.take({ type: 'paid', certificate })).toEqual({ type: 'resolved', certificate });
      expect(collector).toMatchObject({ commits: [], isCertified: false });
    }
  });

  test('a refusal that carries the certificate of the slot is the certificate', async () => {
    const collector = create();
    const certificate = await evidence.certificate(payment.signedOrder);
    const reject = new RejectError('SEQUENCE_TOO_LOW', 'taken', { commitCertificate: encodeCertificate(certificate) });
    expect(await collector.take({ type: 'failure', signer: 1, reject })).toEqual({ type: 'resolved', certificate });
  });

  test('refusals are kept by validator until that validator signs', async () => {
    const collector = create();
    const reject = new RejectError('STALE_CHAIN', 'blind');
    await collector.take({ type: 'failure', signer: 1, reject });
    await collector.take({ type: 'failure', signer: 9, reject });
    expect(collector.failures).toEqual(new Map([[1, reject]]));
    await takeAll(collector, [voteOf(1)]);
    expect(collector.failures).toEqual(new Map());
  });

  test('an order that is said to hold the slot is handed on', async () => {
    const reject = new RejectError('EQUIVOCATION', 'held', { storedOrder: encodeSignedOrder(other.signedOrder) });
    expect(await create().take({ type: 'failure', signer: 0, reject })).toEqual({
      type: 'rival',
      signedOrder: other.signedOrder,
    });
  });
});

describe('counts nothing else', () => {
  const expectNothing = async (...events: Promise<TransportPaymentEvent>[]) => {
    const collector = create();
    expect(new Set(await takeAll(collector, events))).toEqual(new Set(['nothing']));
    expect(collector).toMatchObject({ votes: [], commits: [], isCertified: false });
  };

  test('a signature counts once, however often it comes', async () => {
    const collector = create();
    expect(await takeAll(collector, [voteOf(1), voteOf(1), voteOf(1), commitOf(1), commitOf(1), commitOf(1)])).toEqual([
      'progress',
      'nothing',
      'nothing',
      'progress',
      'nothing',
      'nothing',
    ]);
    expect(collector).toMatchObject({ votes: [1], commits: [1], isCertified: false });
  });

  test('votes and commits for another slot or value', async () => {
    const elsewhere = { ...ballot, slot: { ...ballot.slot, sequence: toSequence(1n) } };
    await expectNothing(
      voteOf(0, elsewhere),
      voteOf(0, { ...ballot, value: other.value }),
      voteOf(0, { ...ballot, value: SKIP }),
      voteOf(0, { ...ballot, round: 1 }),
      commitOf(0, elsewhere),
      commitOf(0, { ...ballot, value: other.value }),
      commitOf(0, { ...ballot, value: SKIP }),
    );
  });

  test('signatures in the name of another validator, of no validator, or of another network', async () => {
    const named = async (event: Promise<TransportPaymentEvent>, signer: number): Promise<TransportPaymentEvent> => {
      const original = await event;
      if (original.type === 'vote') {
        return { type: 'vote', vote: { ...original.vote, signature: { ...original.vote.signature, signer } } };
      }
      if (original.type !== 'commit') throw new Error('expected a ballot');
      return { type: 'commit', commit: { ...original.commit, signature: { ...original.commit.signature, signer } } };
    };
    await expectNothing(
      named(voteOf(0), 1),
      named(voteOf(0), 4),
      named(voteOf(0), -1),
      named(commitOf(0), 1),
      named(commitOf(0), 4),
      stranger.vote(0, ballot).then((vote) => ({ type: 'vote', vote })),
      stranger.commit(0, ballot).then((commit) => ({ type: 'commit', commit })),
    );
  });

  test('votes of another epoch', async () => {
    const vote = await evidence.vote(0, ballot);
    await expectNothing(Promise.resolve({ type: 'vote', vote: { ...vote, epoch: 1n } }));
  });

  test('commits of different rounds never add up', async () => {
    const collector = create();
    await takeAll(collector, [commitOf(0), commitOf(1), commitOf(2, { ...ballot, round: 1 })]);
    expect(collector.commits).toEqual([0, 1, 2]);
    expect(collector.isCertified).toBe(false);
  });

  test('certificates that are forged, short, altered or elsewhere', async () => {
    const paid = (certificate: CommitCertificate): Promise<TransportPaymentEvent> =>
      Promise.resolve({ type: 'paid', certificate });
    const good = await evidence.certificate(payment.signedOrder);
    const order = { ...payment.signedOrder.order, amount: toAmount(1n) };
    const elsewhere = await evidence.order({ sequence: toSequence(5n) });
    const [first, second] = good.signatures;
    if (!first || !second) throw new Error('expected signatures');
    await expectNothing(
      paid(await evidence.certificate(payment.signedOrder, [0, 1])),
      paid({ ...good, signatures: [first, first, second] }),
      paid({ ...good, signatures: good.signatures.toReversed() }),
      paid({ ...good, signedOrder: { ...payment.signedOrder, order } }),
      paid({ ...good, signedOrder: other.signedOrder }),
      paid({ ...good, value: other.value, signedOrder: other.signedOrder }),
      paid({ ...good, round: 1 }),
      paid({ ...good, epoch: 1n }),
      paid(await evidence.certificate(elsewhere.signedOrder)),
      paid(await stranger.certificate(payment.signedOrder)),
      evidence.quorum(payment.signedOrder, [0, 1]).then((certificate) => ({ type: 'quorum', certificate })),
      evidence.quorum(other.signedOrder).then((certificate) => ({ type: 'quorum', certificate })),
    );
  });

  test('a certificate inside a refusal is verified like any other', async () => {
    const forged = await stranger.certificate(payment.signedOrder);
    const reject = new RejectError('SEQUENCE_TOO_LOW', 'taken', { commitCertificate: encodeCertificate(forged) });
    const garbage = new RejectError('SEQUENCE_TOO_LOW', 'taken', { commitCertificate: Uint8Array.of(1, 2, 3) });
    for (const lie of [reject, garbage]) {
      expect(await create().take({ type: 'failure', signer: 0, reject: lie })).toEqual({ type: 'nothing' });
    }
  });

  test('the relay’s own word that the payment stalls', async () => {
    const reject = new RejectError('TEMPORARILY_UNAVAILABLE', 'no');
    expect(await create().take({ type: 'stalled', reject })).toEqual({ type: 'nothing' });
  });
});

test('the relay’s last word may carry what holds the slot, which is taken when it verifies', async () => {
  const stalledBy = async (certificate: Promise<Parameters<typeof encodeCertificate>[0]>) => {
    const commitCertificate = encodeCertificate(await certificate);
    const reject = new RejectError('SEQUENCE_TOO_LOW', 'taken', { commitCertificate });
    return create().take({ type: 'stalled', reject });
  };
  const finding = await stalledBy(evidence.certificate(other.signedOrder));
  expect(finding).toMatchObject({ type: 'resolved', certificate: { value: other.value } });
  expect(await stalledBy(stranger.certificate(other.signedOrder))).toEqual({ type: 'nothing' });
});

test('unequal stakes: one heavy validator and a light one are a quorum, three light ones are not', async () => {
  const heavy = createEvidence(createTestNetwork({ seed: 'heavy', stakes: [5n, 1n, 1n, 1n] }));
  const order = await heavy.order();
  const slot = slotOf(order.signedOrder.order);
  const vote = async (signer: number): Promise<TransportPaymentEvent> => ({
    type: 'vote',
    vote: await heavy.vote(signer, { slot, round: 0, value: order.value }),
  });
  const light = createCollector(heavy.context, { ...order, slot, round: 0 });
  await takeAll(light, [vote(1), vote(2), vote(3)]);
  expect(light.isCertified).toBe(false);
  const mixed = createCollector(heavy.context, { ...order, slot, round: 0 });
  await takeAll(mixed, [vote(0), vote(3)]);
  expect(mixed.isCertified).toBe(true);
});
