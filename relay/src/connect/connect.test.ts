import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { verifyCommitCertificate, verifyStatement } from '@fastpay/crypto';
import { bytesOf, limits, RejectError } from '@fastpay/protocol';
import {
  accountAnswerFromProto,
  accountEventFromProto,
  bulletinEntryFromProto,
  certificateToProto,
  chainHeadFromProto,
  paymentEventFromProto,
  paymentStatusFromProto,
  RelayService,
  rejectFromError,
  submitPaymentRequestToProto,
  validatorStatusFromProto,
} from '@fastpay/rpc';
import { afterEach, describe, expect, test } from 'vitest';
import { handMadeClient } from '../testing/hand-made-client.fixtures.ts';
import { refusal } from '../testing/hand-made-validator.fixtures.ts';
import { alice, bob, createTestNetwork } from '../testing/network.fixtures.ts';
import { startTestRelay, type TestRelay, testHead } from '../testing/relay.fixtures.ts';

const running: TestRelay[] = [];
afterEach(async () => {
  for (const relay of running.splice(0)) {
    await relay.stop();
    expect(relay.broken).toEqual([]);
  }
});

async function start(...parameters: Parameters<typeof startTestRelay>) {
  const relay = await startTestRelay(...parameters);
  running.push(relay);
  return {
    relay,
    client: createClient(RelayService, createConnectTransport({ baseUrl: relay.url, httpVersion: '1.1' })),
  };
}

async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

async function drain<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test.each(['connect', 'grpc-web'])('a payment is streamed step by step over %s', async (protocol) => {
  const { relay } = await start();
  const options = { baseUrl: relay.url, httpVersion: '1.1' } as const;
  const transport = protocol === 'connect' ? createConnectTransport(options) : createGrpcWebTransport(options);
  const client = createClient(RelayService, transport);
  const signedOrder = await relay.net.sign(alice);
  const request = submitPaymentRequestToProto({ signedOrder, attachments: [] });
  const events = (await drain(client.submitPayment(request))).map(paymentEventFromProto);
  const steps = events.map(({ type }) => type);
  // The fourth may come before or after the quorum stands.
  expect(steps.slice(0, 3)).toEqual(['vote', 'vote', 'vote']);
  expect([3, 4]).toContain(steps.indexOf('quorum'));
  expect(steps.filter((step) => step === 'commit').length).toBeGreaterThanOrEqual(3);
  const last = events.at(-1);
  if (last?.type !== 'paid') throw new Error('not paid');
  await verifyCommitCertificate(relay.net.context, last.certificate);
  // The same bytes again: the same certificate, at once.
  const again = (await drain(client.submitPayment(request))).map(paymentEventFromProto);
  expect(again).toEqual([last]);
  const status = paymentStatusFromProto(
    await client.getPaymentStatus({ transactionHash: bytesOf(last.certificate.value) }),
  );
  expect(status).toMatchObject({ stage: 'QUEUED_ONCHAIN', voteCount: 3, commitCount: 3 });
});

test('refusals arrive with code and facts, also in a stream', async () => {
  const net = createTestNetwork();
  const poor = new RejectError('INSUFFICIENT_FUNDS', 'the balance is 5', { balance: 5n });
  const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, { vote: refusal(poor) }));
  const { client } = await start({ net, validators });
  const signedOrder = await net.sign(alice);
  const stalled = await drain(client.submitPayment(submitPaymentRequestToProto({ signedOrder, attachments: [] })));
  expect(stalled.map(paymentEventFromProto).map(({ type }) => type)).toEqual([
    'failure',
    'failure',
    'failure',
    'failure',
    'stalled',
  ]);
  const last = stalled.map(paymentEventFromProto).at(-1);
  expect(last?.type === 'stalled' && last.reject).toMatchObject({ code: poor.code, facts: poor.facts });

  const forged = { ...signedOrder, payerSignature: signedOrder.payerSignature.map((byte) => byte ^ 1) };
  const error = await failure(() =>
    drain(client.submitPayment(submitPaymentRequestToProto({ signedOrder: forged, attachments: [] }))),
  );
  expect(rejectFromError(error).code).toBe('INVALID_SIGNATURE');
  const short = await failure(() => client.getPaymentStatus({ transactionHash: new Uint8Array(3) }));
  expect(rejectFromError(short).code).toBe('INVALID_FORMAT');
  const empty = await failure(() => client.deliverCertificate({}));
  expect(rejectFromError(empty)).toMatchObject({ code: 'INVALID_FORMAT', message: 'commit_certificate: is missing' });
  const nonce = await failure(() =>
    client.getAccountStatements({
      owner: bytesOf(alice.address),
      asset: bytesOf(alice.address),
      clientNonce: new Uint8Array(15),
    }),
  );
  expect(rejectFromError(nonce).code).toBe('INVALID_FORMAT');
});

test('statements, committee, chain head and bulletin', async () => {
  const { relay, client } = await start();
  const { net } = relay;
  const certificate = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
  const delivered = await client.deliverCertificate({ commitCertificate: certificateToProto(certificate) });
  expect(delivered).toMatchObject({ signers: [0, 1, 2, 3], failures: [] });

  const clientNonce = new Uint8Array(16).fill(7);
  const owner = bytesOf(alice.address);
  const { answers } = await client.getAccountStatements({ owner, asset: bytesOf(certificate.slot.asset), clientNonce });
  expect(answers).toHaveLength(4);
  for (const answer of answers) {
    const { signed } = accountAnswerFromProto(answer);
    await verifyStatement(net.context, signed);
    expect(signed.statement.clientNonce).toEqual(clientNonce);
  }

  const page = await client.listRelayBulletin({ filter: { owner }, signer: 2 });
  expect(page.entries.map((entry) => bulletinEntryFromProto(entry).event)).toEqual([{ type: 'resolved', certificate }]);
  expect(rejectFromError(await failure(() => client.listRelayBulletin({ signer: 9 }))).code).toBe('INVALID_FORMAT');

  const { validators } = await client.getCommitteeStatus({});
  expect(validators.map(validatorStatusFromProto).map(({ signer }) => signer)).toEqual([0, 1, 2, 3]);
  expect(chainHeadFromProto((await client.getRelayChainHead({})).chainHead)).toEqual(testHead);
});

describe('watching an account', () => {
  test('tells payer and recipient of a payment as soon as it is final', async () => {
    const { relay, client } = await start();
    const watches = [alice, bob].map(({ address }) =>
      client.watchAccount({ owner: bytesOf(address) })[Symbol.asyncIterator](),
    );
    for (const watch of watches) expect((await watch.next()).value?.event.case).toBe('keepAlive');
    const signedOrder = await relay.net.sign(alice);
    const paid = await drain(client.submitPayment(submitPaymentRequestToProto({ signedOrder, attachments: [] })));
    const certificate = paid.map(paymentEventFromProto).at(-1);
    for (const watch of watches) {
      const { value } = await watch.next();
      const event = value && accountEventFromProto(value);
      expect(event).toEqual({ type: 'resolved', certificate: certificate?.type === 'paid' && certificate.certificate });
    }
    for (const watch of watches) await watch.return?.();
  });

  test('is told what validators learn from elsewhere', async () => {
    const net = createTestNetwork();
    const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer));
    const { client } = await start({ net, validators });
    const watch = client.watchAccount({ owner: bytesOf(bob.address) })[Symbol.asyncIterator]();
    await watch.next();
    const certificate = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
    await validators[1]?.resolve(certificate, new AbortController().signal);
    const { value } = await watch.next();
    expect(value && accountEventFromProto(value)).toEqual({ type: 'resolved', certificate });
    await watch.return?.();
  });

  test('ends when the relay stops', async () => {
    const { relay, client } = await start();
    const watch = client.watchAccount({ owner: bytesOf(alice.address) })[Symbol.asyncIterator]();
    await watch.next();
    await relay.stop();
    expect((await watch.next()).done).toBe(true);
  });
});

test('an address may ask so often a minute, and is told so in Connect’s own form', async () => {
  const { client } = await start({
    options: { rateLimits: { requestsPerMinute: 1, pagesPerMinute: 1, paymentsPerMinute: 1 } },
  });
  await client.getCommitteeStatus({});
  const error = await failure(() => client.getCommitteeStatus({}));
  expect(ConnectError.from(error).code).toBe(Code.ResourceExhausted);
  const reject = rejectFromError(error);
  expect(reject.code).toBe('RATE_LIMITED');
  expect(reject.facts.retryAfterMs).toBeGreaterThan(0);
});

test('an address may ask for so many pages a minute, of whatever kind', async () => {
  const rateLimits = { requestsPerMinute: 100, pagesPerMinute: 3, paymentsPerMinute: 1 };
  const { client } = await start({ options: { rateLimits } });
  const calls = [
    () => client.listRelayBulletin({ signer: 1 }),
    () => client.getRelayFundingClosure({ transactionHash: new Uint8Array(32) }),
    () => client.listRelayEvidence({}),
  ];
  for (const call of calls) await call();
  for (const call of calls) {
    const reject = rejectFromError(await failure(call));
    expect(reject.code).toBe('RATE_LIMITED');
    expect(reject.facts.retryAfterMs).toBeGreaterThan(0);
  }
  await client.getCommitteeStatus({});
});

test('messages beyond the limit and unknown methods are refused', async () => {
  const { relay, client } = await start();
  const signedOrder = await relay.net.sign(alice);
  const certificate = certificateToProto(await relay.net.commitCertificate(signedOrder, [0, 1, 2]));
  const attachments = Array(Math.ceil(limits.requestBytes / 300)).fill(certificate);
  const request = { ...submitPaymentRequestToProto({ signedOrder, attachments: [] }), attachments };
  const error = await failure(() => drain(client.submitPayment(request)));
  expect(ConnectError.from(error).code).toBe(Code.ResourceExhausted);
  const unknown = await fetch(`${relay.url}/fastpay.v1.RelayService/Steal`, { method: 'POST', body: '{}' });
  expect(unknown.status).toBe(404);
});
