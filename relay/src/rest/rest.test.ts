import { limits, RejectError, type SignedOrder, SKIP, slotOf, toHash } from '@fastpay/protocol';
import { TempoError } from '@fastpay/tempo';
import { afterEach, describe, expect, test } from 'vitest';
import { handMadeClient } from '../testing/hand-made-client.fixtures.ts';
import { refusal, unreachable } from '../testing/hand-made-validator.fixtures.ts';
import { alice, createTestNetwork } from '../testing/network.fixtures.ts';
import { startTestRelay, type TestRelay } from '../testing/relay.fixtures.ts';
import * as schemas from './schemas.ts';
import { toJson } from './to-json.ts';

const running: TestRelay[] = [];
afterEach(async () => {
  for (const relay of running.splice(0)) {
    await relay.stop();
    expect(relay.broken).toEqual([]);
  }
});

async function start(...parameters: Parameters<typeof startTestRelay>): Promise<TestRelay> {
  const relay = await startTestRelay(...parameters);
  running.push(relay);
  return relay;
}

async function submission(relay: TestRelay, changes = {}) {
  const signedOrder = await relay.net.sign(alice, changes);
  const { transactionHash } = relay.net.request(signedOrder);
  return { signedOrder, transactionHash, body: { signedOrder: toJson(signedOrder) } };
}

/** Polls what is reached in the background. */
async function eventually<Value>(read: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a payment', () => {
  test('is answered with its certificate, found by its hash, and delivered to every validator', async () => {
    const relay = await start();
    const { body, transactionHash } = await submission(relay);
    const posted = await relay.json('/v1/payments', body);
    expect(posted.response.status).toBe(200);
    const payment = schemas.payment.parse(posted.body);
    expect(payment).toMatchObject({ transactionHash, stage: 'QUEUED_ONCHAIN', signedOrder: body.signedOrder });
    expect(payment.commitCertificate?.signatures).toHaveLength(3);

    const found = schemas.payment.parse((await relay.json(`/v1/payments/${transactionHash}`)).body);
    expect(found).toMatchObject({ stage: 'QUEUED_ONCHAIN', voteCount: 3, commitCount: 3 });
    expect(found.commitCertificate).toEqual(payment.commitCertificate);
    expect(found.quorumCertificate?.type).toBe('quorum');

    for (const signer of [0, 1, 2, 3]) {
      const read = async () =>
        schemas.bulletin.parse((await relay.json(`/v1/bulletin?signer=${signer}&owner=${alice.address}`)).body);
      const page = await eventually(read, ({ entries }) => entries.length > 0);
      expect(page.entries[0]).toMatchObject({ type: 'resolved', certificate: { value: transactionHash } });
      expect(page.signer).toBe(signer);
    }
  });

  test('can be left to the relay, and asked for later', async () => {
    const relay = await start();
    const { body, transactionHash } = await submission(relay);
    const posted = await relay.json('/v1/payments?wait=none', body);
    expect(posted.response.status).toBe(202);
    expect(schemas.payment.parse(posted.body)).toEqual({ transactionHash, voteCount: 0, commitCount: 0 });
    const read = async () => schemas.payment.parse((await relay.json(`/v1/payments/${transactionHash}`)).body);
    const payment = await eventually(read, ({ stage }) => stage === 'QUEUED_ONCHAIN');
    expect(payment.commitCertificate?.value).toBe(transactionHash);
  });

  test('that stalls is a problem that says why, what happened to the money, and what to do', async () => {
    const net = createTestNetwork();
    const poor = new RejectError('INSUFFICIENT_FUNDS', 'the balance is -5', { balance: -5n, expectedSequence: 4n });
    const validators = [0, 1, 2, 3].map((signer) =>
      handMadeClient(net, signer, signer < 2 ? { vote: refusal(poor) } : {}),
    );
    const relay = await start({ net, validators });
    const { response, body } = await relay.json('/v1/payments', (await submission(relay)).body);
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(schemas.problem.parse(body)).toEqual({
      type: 'urn:fastpay:problem:insufficient-funds',
      title: 'Insufficient funds',
      status: 422,
      code: 'INSUFFICIENT_FUNDS',
      detail: 'the balance is -5',
      money: poor.money,
      action: poor.action,
      retryable: true,
      facts: { balance: '-5', expectedSequence: '4' },
    });
  });

  test('while too few validators answer is a 503 that names them', async () => {
    const net = createTestNetwork();
    const validators = [0, 1, 2, 3].map((signer) =>
      handMadeClient(net, signer, signer < 2 ? {} : { vote: unreachable }),
    );
    const relay = await start({ net, validators });
    const { body, transactionHash } = await submission(relay);
    const answer = await relay.json('/v1/payments', body);
    expect(answer.response.status).toBe(503);
    expect(schemas.problem.parse(answer.body)).toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      detail: expect.stringContaining('2 of 4 validators answer; 3 are needed. No answer from Frank and Grace.'),
      retryable: true,
    });
    const found = schemas.payment.parse((await relay.json(`/v1/payments/${transactionHash}`)).body);
    expect(found).toMatchObject({ stage: 'ACCEPTED', signedOrder: body.signedOrder });
    expect(found.commitCertificate).toBeUndefined();
  });

  test('nobody knows is 404; while nobody answers it is 503', async () => {
    const relay = await start();
    const hash = `0x${'12'.repeat(32)}`;
    const unknown = await relay.json(`/v1/payments/${hash}`);
    expect(unknown.response.status).toBe(404);
    expect(schemas.problem.parse(unknown.body).code).toBe('NOT_FOUND');
    const net = createTestNetwork();
    const lonely = await start({ net, validators: [handMadeClient(net, 0, { payment: unreachable })] });
    expect((await lonely.json(`/v1/payments/${hash}`)).response.status).toBe(503);
  });
});

describe('what the relay claims', () => {
  test('a certificate that does not verify is not passed on', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const forged = await net.commitCertificate(signedOrder, [0, 1]);
    const view = { transactionHash: forged.value, stage: 'FINALIZED', signedOrder, commitCertificate: forged } as const;
    const lying = { payment: () => Promise.resolve(view) };
    const relay = await start({
      net,
      validators: [0, 1, 2, 3].map((s) => handMadeClient(net, s, s === 3 ? lying : {})),
    });
    expect((await relay.json(`/v1/payments/${forged.value}`)).body).toMatchObject({ voteCount: 0, commitCount: 0 });
    const { body } = await relay.json(`/v1/payments/${forged.value}`);
    expect(schemas.payment.parse(body).stage).toBeUndefined();
    expect(schemas.payment.parse(body).commitCertificate).toBeUndefined();
    expect(await (await fetch(`${relay.url}/metrics`)).text()).toMatch(/misbehaviour_total\{signer="3"\} [1-9]/);
  });

  test.each([
    [1, 'QUEUED_ONCHAIN'],
    [2, 'FINALIZED'],
  ] as const)('%i validators saying FINALIZED make it %s', async (count, stage) => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
    const settlement = {
      block: { height: 9n, hash: toHash(`0x${'0b'.repeat(32)}`), timestamp: 1n },
      transactionHash: toHash(`0x${'0c'.repeat(32)}`),
    };
    const view = { transactionHash: certificate.value, signedOrder, commitCertificate: certificate };
    const queued = { payment: () => Promise.resolve({ ...view, stage: 'QUEUED_ONCHAIN' } as const) };
    const final = { payment: () => Promise.resolve({ ...view, stage: 'FINALIZED', settlement } as const) };
    const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, signer < count ? final : queued));
    const relay = await start({ net, validators });
    const payment = schemas.payment.parse((await relay.json(`/v1/payments/${certificate.value}`)).body);
    expect(payment.stage).toBe(stage);
    expect(payment.settlement?.block.height).toBe(stage === 'FINALIZED' ? '9' : undefined);
  });

  test('a slot that holds something else makes the payment SKIPPED, with the certificate of it', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const { transactionHash } = net.request(signedOrder);
    const view = { transactionHash, stage: 'ACCEPTED', signedOrder } as const;
    const voted = { payment: () => Promise.resolve(view) };
    const relay = await start({ net, validators: [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, voted)) });
    const read = async () => schemas.payment.parse((await relay.json(`/v1/payments/${transactionHash}`)).body);
    expect((await read()).stage).toBe('ACCEPTED');
    const skip = await net.skipCertificate(signedOrder, [0, 1, 2]);
    await relay.json('/v1/certificates', { certificate: toJson(skip) });
    expect(await read()).toMatchObject({ stage: 'SKIPPED', commitCertificate: { value: SKIP } });
  });

  test('one validator that says it voted is not enough for ACCEPTED', async () => {
    const net = createTestNetwork();
    const signedOrder = await net.sign(alice);
    const { transactionHash } = net.request(signedOrder);
    const view = { transactionHash, stage: 'FINALIZED', signedOrder } as const;
    const voted = { payment: () => Promise.resolve(view) };
    const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, signer === 0 ? voted : {}));
    const relay = await start({ net, validators });
    const payment = schemas.payment.parse((await relay.json(`/v1/payments/${transactionHash}`)).body);
    expect(payment.stage).toBeUndefined();
    expect(payment.signedOrder).toEqual(toJson(signedOrder));
  });
});

test('a certificate can be handed in, and reaches every validator', async () => {
  const relay = await start();
  const certificate = await relay.net.commitCertificate(await relay.net.sign(alice), [0, 1, 2]);
  const { response, body } = await relay.json('/v1/certificates', { certificate: toJson(certificate) });
  expect(response.status).toBe(200);
  expect(schemas.delivery.parse(body)).toEqual({ signers: [0, 1, 2, 3], failures: [] });
  const forged = await relay.net.commitCertificate(await relay.net.sign(alice), [0, 1]);
  const refused = await relay.json('/v1/certificates', { certificate: toJson(forged) });
  expect(schemas.problem.parse(refused.body)).toMatchObject({ status: 400, code: 'INVALID_CERTIFICATE' });
});

test('an account is what validators sign, with what a quorum of them agrees on', async () => {
  const net = createTestNetwork();
  const forger = handMadeClient(net, 0);
  const lying = {
    account: (...parameters: Parameters<typeof forger.account>) => forger.account(...parameters),
  };
  const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, signer === 3 ? lying : {}));
  const relay = await start({ net, validators });
  const asset = net.network.assets[0]?.address;
  const nonce = `0x${'ab'.repeat(16)}`;
  const { body } = await relay.json(`/v1/accounts/${alice.address}/${asset}?nonce=${nonce}`);
  const account = schemas.account.parse(body);
  expect(account.clientNonce).toBe(nonce);
  expect(account.quorum).toEqual({ balance: '50000000', next: '0', signers: [0, 1, 2] });
  expect(account.statements.map(({ signer }) => signer)).toEqual([0, 1, 2]);
  expect(account.failures).toMatchObject([{ signer: 3, code: 'TEMPORARILY_UNAVAILABLE' }]);
});

test('committee, network and chain', async () => {
  const relay = await start({ options: { devnetUrl: 'http://127.0.0.1:1' } });
  const read = async () => schemas.committee.parse((await relay.json('/v1/committee')).body);
  const committee = await eventually(read, ({ members }) => members.every(({ status }) => status.reachable));
  expect(committee).toMatchObject({ totalStake: '4', validityStake: '2', quorumStake: '3' });
  expect(committee.members.map(({ name }) => name)).toEqual(['Dave', 'Edgar', 'Frank', 'Grace']);
  const network = schemas.network.parse((await relay.json('/v1/network')).body);
  expect(network).toMatchObject({ devnetUrl: 'http://127.0.0.1:1', network: { name: 'test' } });
  expect(schemas.chainHead.parse((await relay.json('/v1/chain')).body).finalized.height).toBe('5');
  const away = await start({ chain: { head: () => Promise.reject(new TempoError('TIMEOUT', 'late')) } });
  expect((await away.json('/v1/chain')).response.status).toBe(503);
});

test('the bulletin of a validator that the committee does not have is refused for good', async () => {
  const relay = await start();
  const { response, body } = await relay.json('/v1/bulletin?signer=100');
  expect(response.status).toBe(400);
  expect(body).toMatchObject({ code: 'INVALID_FORMAT', detail: expect.stringContaining('signer: '), retryable: false });
});

test('a page of the bulletin goes on only with the validator that it came from', async () => {
  const relay = await start();
  const first = await relay.json('/v1/bulletin?after=3');
  expect(first.response.status).toBe(400);
  expect(schemas.problem.parse(first.body).detail).toContain('signer');
  expect((await relay.json('/v1/bulletin?after=3&signer=1')).response.status).toBe(200);
});

describe('what is malformed is refused by the name of its field, and reaches no validator', () => {
  test.each<[string, (body: ReturnType<typeof toJson<SignedOrder>>) => unknown, string]>([
    [
      'a number where text belongs',
      (order) => ({ ...order, order: { ...order.order, amount: 1 } }),
      'signedOrder.order.amount',
    ],
    ['a leading zero', (order) => ({ ...order, order: { ...order.order, amount: '01' } }), 'signedOrder.order.amount'],
    ['2^64', (order) => ({ ...order, order: { ...order.order, fee: `${2n ** 64n}` } }), 'signedOrder.order.fee'],
    [
      'a short address',
      (order) => ({ ...order, order: { ...order.order, sender: '0x12' } }),
      'signedOrder.order.sender',
    ],
    ['an unknown kind', (order) => ({ ...order, order: { ...order.order, kind: 2 } }), 'signedOrder.order.kind'],
    ['an unknown field', (order) => ({ ...order, note: 'hi' }), 'signedOrder'],
    ['no order', () => undefined, 'signedOrder'],
  ])('%s', async (_, change, field) => {
    const relay = await start();
    const order = toJson(await relay.net.sign(alice));
    const { response, body } = await relay.json('/v1/payments', { signedOrder: change(order) });
    expect(response.status).toBe(400);
    const problem = schemas.problem.parse(body);
    expect(problem.code).toBe('INVALID_FORMAT');
    expect(problem.detail.startsWith(field)).toBe(true);
  });

  test('an altered amount does not bear the payer’s signature', async () => {
    const relay = await start();
    const { signedOrder } = (await submission(relay)).body;
    const altered = { ...signedOrder, order: { ...signedOrder.order, amount: '99' } };
    const { body } = await relay.json('/v1/payments', { signedOrder: altered });
    expect(schemas.problem.parse(body)).toMatchObject({ status: 400, code: 'INVALID_SIGNATURE' });
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['garbage', '\u0000\u0001{', {}, 400],
    ['a list', '[]', {}, 400],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 400],
    ['a compressed body', '{}', { 'content-encoding': 'gzip' }, 415],
    ['too much', JSON.stringify({ pad: 'x'.repeat(limits.requestBytes) }), {}, 413],
  ])('%s', async (_, body, headers, status) => {
    const relay = await start();
    const answer = await relay.json('/v1/payments', body, headers);
    expect(answer.response.status).toBe(status);
    expect(schemas.problem.parse(answer.body).code).toBe('INVALID_FORMAT');
  });

  test('too many attachments', async () => {
    const relay = await start();
    const { body } = await submission(relay);
    const certificate = toJson(await relay.net.commitCertificate(await relay.net.sign(alice), [0, 1, 2]));
    const answer = await relay.json('/v1/payments', {
      ...body,
      attachments: Array(limits.attachments + 1).fill(certificate),
    });
    expect(schemas.problem.parse(answer.body).detail).toContain('attachments');
  });

  test('unknown paths and methods', async () => {
    const relay = await start();
    const missing = await relay.json('/v1/nothing');
    expect([missing.response.status, schemas.problem.parse(missing.body).code]).toEqual([404, 'NOT_FOUND']);
    const wrong = await relay.json('/v1/chain', {});
    expect([wrong.response.status, wrong.response.headers.get('allow')]).toEqual([405, 'GET']);
    expect(schemas.problem.parse(wrong.body).code).toBe('METHOD_NOT_ALLOWED');
  });
});

describe('the JSON-RPC of Tempo', () => {
  test('passes single allowed requests', async () => {
    const relay = await start();
    const request = { jsonrpc: '2.0', id: 9, method: 'eth_chainId', params: [] };
    expect((await relay.json('/v1/tempo', request)).body).toEqual({ jsonrpc: '2.0', id: 9, result: '0x7a69' });
    const other = await relay.json('/v1/tempo', { ...request, method: 'eth_getLogs' });
    expect(other.body).toMatchObject({ id: 9, error: { code: -32_601 } });
  });

  test('refuses batches', async () => {
    const relay = await start();
    const batch = [{ jsonrpc: '2.0', id: 1, method: 'eth_chainId' }];
    expect((await relay.json('/v1/tempo', batch)).response.status).toBe(400);
  });
});

describe('limits', () => {
  test('an address may ask so often a minute', async () => {
    const relay = await start({
      options: { rateLimits: { requestsPerMinute: 2, pagesPerMinute: 100, paymentsPerMinute: 100 } },
    });
    for (let count = 0; count < 2; count++) expect((await relay.json('/v1/chain')).response.status).toBe(200);
    const { response, body } = await relay.json('/v1/chain');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(schemas.problem.parse(body)).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
  });

  test.each(['/v1/bulletin?signer=1', `/v1/payments/0x${'11'.repeat(32)}/closure`, '/v1/evidence'])(
    'an address may ask for so many pages a minute: %s',
    async (path) => {
      const rateLimits = { requestsPerMinute: 1_000, pagesPerMinute: 2, paymentsPerMinute: 100 };
      const relay = await start({ options: { rateLimits } });
      for (let count = 0; count < 2; count++) expect((await relay.json(path)).response.status).toBe(200);
      const { response, body } = await relay.json(path);
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(schemas.problem.parse(body)).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
      // What verifies no page is not counted.
      expect((await relay.json('/v1/committee')).response.status).toBe(200);
      const metrics = await (await fetch(`${relay.url}/metrics`)).text();
      expect(metrics).toContain('fastpay_relay_limited_total{limit="pages"} 1');
    },
  );

  test('a sender may pay so often a minute, and nobody else can use that up', async () => {
    const relay = await start({
      options: { rateLimits: { requestsPerMinute: 1_000, pagesPerMinute: 1_000, paymentsPerMinute: 1 } },
    });
    const first = await submission(relay);
    const { signedOrder } = first.body;
    const forged = { signedOrder: { ...signedOrder, order: { ...signedOrder.order, amount: '99' } } };
    expect((await relay.json('/v1/payments', forged)).response.status).toBe(400);
    expect((await relay.json('/v1/payments', first.body)).response.status).toBe(200);
    // The same bytes again are the same payment.
    expect((await relay.json('/v1/payments', first.body)).response.status).toBe(200);
    const second = await submission(relay, { validUntil: 3_999_999_999n });
    expect((await relay.json('/v1/payments', second.body)).response.status).toBe(429);
  });

  test('what a sender signed counts once, however often somebody else sends it while it has not completed', async () => {
    const net = createTestNetwork();
    const poor = new RejectError('INSUFFICIENT_FUNDS', 'the balance is 0', { balance: 0n });
    const late = new RejectError('STALE_ROUND', 'this validator signs nothing below round 9', { promisedRound: 9 });
    const validators = [0, 1, 2, 3].map((signer) =>
      handMadeClient(net, signer, { vote: refusal(poor), openRound: refusal(late) }),
    );
    const rateLimits = { requestsPerMinute: 1_000, pagesPerMinute: 1_000, paymentsPerMinute: 2 };
    const relay = await start({ net, validators, options: { rateLimits } });
    const { body, signedOrder } = await submission(relay);
    for (let count = 0; count < 4; count++) {
      expect((await relay.json('/v1/payments', body)).response.status).toBe(422);
    }
    const { epoch, slot, round, authority } = await net.newRound(alice, slotOf(signedOrder.order), 1);
    if (authority.type !== 'owner') throw new Error('expected an owner’s round');
    const opening = { newRound: toJson({ epoch, slot, round, signature: authority.signature }) };
    for (let count = 0; count < 4; count++) {
      expect((await relay.json('/v1/rounds', opening)).response.status).toBe(200);
    }
    const another = await submission(relay, { validUntil: 3_999_999_999n });
    expect((await relay.json('/v1/payments', another.body)).response.status).toBe(429);
  });
});
