import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { verifyCommitCertificate } from '@fastpay/crypto';
import {
  bytesOf,
  type CommitCertificate,
  decodeSignedOrder,
  PATH_USD,
  type SignedOrder,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import {
  accountEventFromProto,
  type PaymentEvent,
  paymentEventFromProto,
  RelayService,
  rejectFromError,
  submitPaymentRequestToProto,
} from '@fastpay/rpc';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alice, bob, carol, createTestNetwork, type TestNetwork } from './testing/network.fixtures.ts';
import {
  createRealStore,
  fund,
  type RealStore,
  type RealValidator,
  realValidator,
} from './testing/real-validator.fixtures.ts';
import { startTestRelay, type TestRelay } from './testing/relay.fixtures.ts';
import { type ServedValidator, serveValidator } from './testing/serve-validator.fixtures.ts';
import { createValidatorClient } from './upstream/validator-client.ts';

/** Four real validators behind real Connect servers, and the relay in front of them. */
let net: TestNetwork;
let stores: readonly RealStore[];
let validators: readonly RealValidator[];
let served: ServedValidator[];
let relay: TestRelay;

beforeEach(async () => {
  net = createTestNetwork();
  stores = [0, 1, 2, 3].map(createRealStore);
  validators = stores.map((store, signer) => realValidator(net, signer, store));
  await fund(
    validators.map(({ validator }) => validator),
    [alice.address, bob.address],
  );
  served = await Promise.all(
    validators.map(({ client, validator }) => serveValidator(client, { storeId: validator.storeId() })),
  );
  await startRelay();
});
afterEach(async () => {
  await relay.stop();
  for (const server of served) await server.stop();
  expect(relay.broken).toEqual([]);
});

async function startRelay(): Promise<void> {
  const clients = served.map(({ url }, signer) => createValidatorClient({ signer, url }));
  relay = await startTestRelay({ net, validators: clients });
}

const client = () => createClient(RelayService, createConnectTransport({ baseUrl: relay.url, httpVersion: '1.1' }));

async function submit(
  signedOrder: SignedOrder,
  attachments: readonly CommitCertificate[] = [],
): Promise<PaymentEvent[]> {
  const events: PaymentEvent[] = [];
  for await (const message of client().submitPayment(submitPaymentRequestToProto({ signedOrder, attachments }))) {
    events.push(paymentEventFromProto(message));
  }
  return events;
}

async function pay(signedOrder: SignedOrder, attachments: readonly CommitCertificate[] = []) {
  const last = (await submit(signedOrder, attachments)).at(-1);
  if (last?.type !== 'paid') throw last?.type === 'stalled' ? last.reject : new Error('the stream ended early');
  await verifyCommitCertificate(net.context, last.certificate);
  return last.certificate;
}

async function stalled(signedOrder: SignedOrder) {
  const last = (await submit(signedOrder)).at(-1);
  if (last?.type !== 'stalled') throw new Error(`ended with ${last?.type}`);
  return last.reject;
}

async function revive(signer: number): Promise<void> {
  const restarted = realValidator(net, signer, stores[signer]);
  validators = validators.map((validator, index) => (index === signer ? restarted : validator));
  const port = Number(new URL(served[signer]?.url ?? '').port);
  served[signer] = await serveValidator(restarted.client, { port, storeId: restarted.validator.storeId() });
}

/** Waits until every one of these validators holds the certificate: deliveries go on after the answer. */
async function held(certificate: CommitCertificate, signers: readonly number[] = [0, 1, 2, 3]): Promise<void> {
  for (const signer of signers) {
    while (!validators[signer]?.validator.payment(certificate.value)?.commitCertificate) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

test('a payment is paid and reaches every validator; payer and recipient hear of it', async () => {
  const watch = client()
    .watchAccount({ owner: bytesOf(bob.address) })
    [Symbol.asyncIterator]();
  await watch.next();
  const certificate = await pay(await net.sign(alice));
  const { value } = await watch.next();
  expect(value && accountEventFromProto(value)).toEqual({ type: 'resolved', certificate });
  await held(certificate);
  const { body } = await relay.json(`/v1/accounts/${bob.address}/${PATH_USD}`);
  expect(body).toMatchObject({ quorum: { balance: '110000000', next: '0', signers: [0, 1, 2, 3] } });
  await watch.return?.();
});

test('money received a moment ago is spent with its certificate attached', async () => {
  const first = await pay(await net.sign(alice, { recipient: carol.address }));
  const second = await net.sign(carol, { amount: toAmount(9_000_000n), fee: toAmount(8_000n), parents: [first.value] });
  await held(await pay(second, [first]));
  // A relay that has the parent finds it for a validator that does not, also without attachments.
  const third = await pay(await net.sign(alice, { sequence: toSequence(1n), recipient: carol.address }));
  const fourth = await net.sign(carol, { sequence: toSequence(1n), parents: [third.value], fee: toAmount(2_000n) });
  await held(await pay(fourth));
});

test('the same bytes again give the same certificate; another order for the slot is refused with it', async () => {
  const signedOrder = await net.sign(alice);
  const [first, second] = await Promise.all([pay(signedOrder), pay(signedOrder)]);
  expect(second).toEqual(first);
  expect(await pay(signedOrder)).toEqual(first);
  await held(first);
  const other = await stalled(await net.sign(alice, { amount: toAmount(1n) }));
  expect(other.code).toBe('SEQUENCE_TOO_LOW');
  expect(other.facts.commitCertificate).toBeDefined();
});

test('two orders for one slot at once: at most one is paid, and the other learns why not', async () => {
  const orders = await Promise.all([1n, 2n].map((amount) => net.sign(alice, { amount: toAmount(amount) })));
  const outcomes = (await Promise.all(orders.map((order) => submit(order)))).map((events) => events.at(-1));
  const paid = outcomes.filter((outcome) => outcome?.type === 'paid');
  expect(paid.length).toBeLessThanOrEqual(1);
  for (const outcome of outcomes) {
    if (outcome?.type !== 'stalled') continue;
    expect(['EQUIVOCATION', 'SEQUENCE_TOO_LOW', 'TEMPORARILY_UNAVAILABLE']).toContain(outcome.reject.code);
    const { storedOrder } = outcome.reject.facts;
    if (storedOrder) expect(orders).toContainEqual(decodeSignedOrder(storedOrder));
  }
});

test('one validator down: payments go on, and it catches up when it is back', async () => {
  await served[3]?.stop();
  const first = await pay(await net.sign(alice));
  const second = await pay(await net.sign(alice, { sequence: toSequence(1n) }));
  await held(second, [0, 1, 2]);
  await revive(3);
  await held(first);
  await held(second);
});

test('two down: nothing is lost, and the same bytes complete when one is back', async () => {
  const signedOrder = await net.sign(alice);
  await served[2]?.stop();
  await served[3]?.stop();
  const reject = await stalled(signedOrder);
  expect(reject.code).toBe('TEMPORARILY_UNAVAILABLE');
  expect(reject.message).toContain('2 of 4 validators answer; 3 are needed. No answer from Frank and Grace.');
  await revive(2);
  await pay(signedOrder);
  await revive(3);
});

test('a validator that missed payments is brought up to date, though the relay has forgotten them', async () => {
  await served[3]?.stop();
  await pay(await net.sign(alice));
  const second = await pay(await net.sign(alice, { sequence: toSequence(1n) }));
  await held(second, [0, 1, 2]);
  await relay.stop();
  await revive(3);
  await startRelay();
  await served[0]?.stop();
  const third = await pay(await net.sign(alice, { sequence: toSequence(2n) }));
  expect(third.signatures.map(({ signer }) => signer)).toEqual([1, 2, 3]);
  await revive(0);
});

test('refusals come through with code and facts, and change nothing', async () => {
  const cases: [SignedOrder, string][] = [
    [await net.sign(alice, { amount: toAmount(200_000_000n) }), 'INSUFFICIENT_FUNDS'],
    [await net.sign(alice, { fee: toAmount(1n) }), 'FEE_TOO_LOW'],
    [await net.sign(alice, { validUntil: 1n }), 'EXPIRED'],
    [await net.sign(alice, { sequence: toSequence(7n) }), 'MISSING_PREDECESSOR'],
    [await net.sign(alice, { parents: [net.request(await net.sign(bob)).transactionHash] }), 'MISSING_PARENT'],
  ];
  for (const [signedOrder, code] of cases) expect((await stalled(signedOrder)).code).toBe(code);
  const altered = await net.sign(alice);
  const forged = { ...altered, order: { ...altered.order, amount: toAmount(5n) } };
  const error = await submit(forged).catch((thrown: unknown) => thrown);
  expect(rejectFromError(error).code).toBe('INVALID_SIGNATURE');
  const { body } = await relay.json(`/v1/accounts/${alice.address}/${PATH_USD}`);
  expect(body).toMatchObject({ quorum: { balance: '100000000', next: '0' } });
});
