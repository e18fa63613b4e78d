import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { verifyCommitCertificate } from '@fastpay/crypto';
import {
  bytesOf,
  type Evidence,
  type SignedNewRound,
  type SignedOrder,
  SKIP,
  slotOf,
  toAmount,
} from '@fastpay/protocol';
import {
  accountEventFromProto,
  collectedPromisesFromProto,
  collectPromisesRequestToProto,
  evidenceListFromProto,
  fundingClosureFromProto,
  type PaymentEvent,
  type ProposalSubmission,
  paymentEventFromProto,
  RelayService,
  rejectFromError,
  submitRoundProposalRequestToProto,
} from '@fastpay/rpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, bob, carol, createTestNetwork, type TestNetwork } from './testing/network.fixtures.ts';
import { createRealStore, fund, type RealValidator, realValidator } from './testing/real-validator.fixtures.ts';
import { startTestRelay, type TestRelay } from './testing/relay.fixtures.ts';
import { type ServedValidator, serveValidator } from './testing/serve-validator.fixtures.ts';
import { createValidatorClient } from './upstream/validator-client.ts';

/** Higher rounds through the relay, with four real validators behind real Connect servers. */
let net: TestNetwork;
let validators: readonly RealValidator[];
let served: readonly ServedValidator[];
let relay: TestRelay;

beforeEach(async () => {
  net = createTestNetwork();
  validators = [0, 1, 2, 3].map((signer) => realValidator(net, signer, createRealStore()));
  await fund(
    validators.map(({ validator }) => validator),
    [alice.address, bob.address],
  );
  served = await Promise.all(
    validators.map(({ client, validator }) => serveValidator(client, { storeId: validator.storeId() })),
  );
  const clients = served.map(({ url }, signer) => createValidatorClient({ signer, url }));
  relay = await startTestRelay({ net, validators: clients });
});
afterEach(async () => {
  await relay.stop();
  for (const server of served) await server.stop();
  expect(relay.broken).toEqual([]);
});

const client = () => createClient(RelayService, createConnectTransport({ baseUrl: relay.url, httpVersion: '1.1' }));
const now = () => ({ nowMs: Date.now() });

async function collect(newRound: SignedNewRound) {
  const request = collectPromisesRequestToProto({ newRound, attachments: [] });
  return collectedPromisesFromProto(await client().collectPromises(request));
}

async function propose(submission: ProposalSubmission): Promise<PaymentEvent[]> {
  const events: PaymentEvent[] = [];
  for await (const message of client().submitRoundProposal(submitRoundProposalRequestToProto(submission))) {
    events.push(paymentEventFromProto(message));
  }
  return events;
}

async function refusalOf(call: Promise<unknown>) {
  return rejectFromError(await call.catch((error: unknown) => error));
}

/** Half of the validators vote for each of two orders. */
async function split() {
  const orders = await Promise.all([1n, 2n].map((amount) => net.sign(alice, { amount: toAmount(amount) })));
  for (const [signer, { validator }] of validators.entries()) {
    const signedOrder = orders[signer % 2];
    if (signedOrder) await validator.vote({ signedOrder, attachments: [] }, now());
  }
  const [first, second] = orders;
  if (!first || !second) throw new Error('expected two orders');
  return { first, second };
}

const roundOf = (signedOrder: SignedOrder, round: number) => net.newRound(alice, slotOf(signedOrder.order), round);

describe('a split slot', () => {
  test('is ended with one of its orders, step by step, and everyone gets the certificate', async () => {
    const { first } = await split();
    const newRound = await roundOf(first, 1);
    const { promises } = await collect(newRound);
    expect(promises.length).toBeGreaterThanOrEqual(3);
    const events = await propose(await net.proposal(alice, newRound, promises, first));
    const last = events.at(-1);
    if (last?.type !== 'paid') throw new Error(`ended with ${last?.type}`);
    await verifyCommitCertificate(net.context, last.certificate);
    expect(last.certificate).toMatchObject({ round: 1, signedOrder: first });
    expect(events.filter(({ type }) => type === 'vote').length).toBeGreaterThanOrEqual(3);
    for (const { validator } of validators) {
      while (!validator.resolution(newRound.slot)) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await relay.json(`/v1/payments/${last.certificate.value}`)).toMatchObject({
      body: { stage: 'QUEUED_ONCHAIN' },
    });
  });

  test('is ended with nothing, and both orders are SKIPPED', async () => {
    const { first, second } = await split();
    const newRound = await roundOf(first, 1);
    const { promises } = await collect(newRound);
    const last = (await propose(await net.proposal(alice, newRound, promises))).at(-1);
    expect(last).toMatchObject({ type: 'paid', certificate: { value: SKIP, round: 1 } });
    for (const order of [first, second]) {
      const { body } = await relay.json(`/v1/payments/${net.request(order).transactionHash}`);
      expect(body).toMatchObject({ stage: 'SKIPPED', commitCertificate: { round: 1 } });
    }
    expect(await collect(await roundOf(first, 2))).toMatchObject({ promises: [], certificate: { value: SKIP } });
  });

  test('carries what was committed to, and nothing else', async () => {
    const { first, second } = await split();
    const [one] = validators;
    const certificate = await net.quorumCertificate(first, [0, 1, 2]);
    await one?.validator.commit({ certificate, attachments: [] }, now());
    const newRound = await roundOf(first, 1);
    const { promises } = await collect(newRound);
    expect(promises.find(({ promise }) => promise.lock)?.lockCertificate).toEqual(certificate);
    const other = (await propose(await net.proposal(alice, newRound, promises, second))).at(-1);
    expect(other).toMatchObject({ type: 'stalled' });
    const own = (await propose(await net.proposal(alice, newRound, promises, first))).at(-1);
    expect(own).toMatchObject({ type: 'paid', certificate: { round: 1, signedOrder: first } });
  });
});

describe('is not passed on to validators', () => {
  test('a round that its owner did not sign', async () => {
    const { first } = await split();
    const forged = { ...(await roundOf(first, 1)), round: 2 };
    expect((await refusalOf(collect(forged))).code).toBe('INVALID_SIGNATURE');
    const others = await net.newRound(bob, slotOf(first.order), 1);
    expect((await refusalOf(collect(others))).code).toBe('INVALID_SIGNATURE');
  });

  test('a proposal without the promises that allow it', async () => {
    const { first } = await split();
    const newRound = await roundOf(first, 1);
    const { promises } = await collect(newRound);
    const submission = await net.proposal(alice, newRound, promises, first);
    const few = { ...submission, promises: submission.promises.slice(0, 2) };
    expect((await refusalOf(propose(few))).code).toBe('INVALID_CERTIFICATE');
    const skip = { ...submission, proposal: { ...submission.proposal, value: SKIP } };
    expect((await refusalOf(propose(skip))).code).toBe('INVALID_FORMAT');
    for (const { validator } of validators) expect(validator.resolution(newRound.slot)).toBeUndefined();
  });
});

test('the funding closure of a payment comes from a validator that has all of it', async () => {
  const pay = async (signedOrder: SignedOrder) => {
    const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
    for (const { validator } of validators.slice(1)) await validator.resolve(certificate, now());
    return certificate;
  };
  const first = await pay(await net.sign(alice, { recipient: carol.address }));
  const second = await pay(await net.sign(carol, { amount: toAmount(1_000_000n), parents: [first.value] }));
  const message = await client().getRelayFundingClosure({ transactionHash: bytesOf(second.value) });
  expect(fundingClosureFromProto(message)).toEqual({ certificates: [first, second], complete: true });
  const { body } = await relay.json(`/v1/payments/${second.value}/closure`);
  expect(body).toMatchObject({ certificates: [{ value: first.value }, { value: second.value }], complete: true });
  const unknown = await client().getRelayFundingClosure({ transactionHash: bytesOf(SKIP) });
  expect(fundingClosureFromProto(unknown)).toEqual({ certificates: [], complete: false });
});

test('evidence is collected from all validators, verified, and listed once', async () => {
  const { first, second } = await split();
  const ballots = [first, second].map((order) => net.request(order));
  const [one, two] = await Promise.all(ballots.map(({ slot, value }) => net.vote(3, { slot, round: 0, value })));
  if (!one || !two) throw new Error('expected two votes');
  const proof: Evidence = { type: 'votes', first: one, second: two };
  for (const { validator } of validators.slice(0, 2)) await validator.report(proof);
  const listed = evidenceListFromProto((await client().listRelayEvidence({})).evidence);
  expect(listed).toHaveLength(1);
  expect(listed[0]).toMatchObject({ type: 'votes', first: { signature: { signer: 3 } } });
  const { body } = await relay.json('/v1/evidence');
  expect(body).toMatchObject({ evidence: [{ type: 'votes', first: { signature: { signer: 3 } } }] });
});

test('an exit is told once validators of stake ≥ v report it', async () => {
  const watch = client()
    .watchAccount({ owner: bytesOf(alice.address) })
    [Symbol.asyncIterator]();
  await watch.next();
  const account = { owner: alice.address, asset: (await net.sign(alice)).order.asset };
  for (const { validator } of validators.slice(0, 2)) {
    const finalized = validator.finalized();
    if (!finalized) throw new Error('expected a finalized block');
    const block = { ...finalized, height: finalized.height + 1n, hash: net.separator };
    const exit = { type: 'requested', account, readyAt: 9n, block } as const;
    await validator.applyFinalized(block, { deposits: [], exits: [exit] });
  }
  const { value } = await watch.next();
  expect(value && accountEventFromProto(value)).toMatchObject({ type: 'exit', exit: { type: 'requested', account } });
  await watch.return?.();
});
