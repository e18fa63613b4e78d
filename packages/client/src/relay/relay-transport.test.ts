import { Code, ConnectError, createConnectRouter, type ServiceImpl } from '@connectrpc/connect';
import { createFetchHandler } from '@connectrpc/connect/protocol';
import { signNewRound, signPromise, signProposal, type VotingSigner } from '@fastpay/crypto';
import {
  bytesOf,
  type Evidence,
  hashFromBytes,
  PATH_USD,
  type ProvenPromise,
  RejectError,
  type SignedStatement,
  slotOf,
  toAmount,
} from '@fastpay/protocol';
import {
  accountAnswerToProto,
  accountEventToProto,
  bulletinEntryToProto,
  chainHeadToProto,
  collectedPromisesToProto,
  createRejectInterceptor,
  evidenceToProto,
  fundingClosureToProto,
  paymentEventToProto,
  paymentStatusToProto,
  proposalSubmissionFromProto,
  RelayService,
  roundSubmissionFromProto,
  validatorStatusToProto,
} from '@fastpay/rpc';
import { describe, expect, test } from 'vitest';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createTestNetwork, testAccount } from '../testing/network.fixtures.ts';
import { alice, sampleHash } from '../testing/samples.fixtures.ts';
import type { Transport, TransportPaymentEvent } from '../transport.ts';
import { createRelayTransport } from './relay-transport.ts';

/** A transport whose fetch ends in real Connect handlers, through the real wire format. */
function connectTo(service: Partial<ServiceImpl<typeof RelayService>>): Transport {
  const router = createConnectRouter({ interceptors: [createRejectInterceptor(() => undefined)] });
  router.service(RelayService, service);
  const handlers = new Map(
    router.handlers.map((handler) => [handler.requestPath, createFetchHandler(handler)] as const),
  );
  return createRelayTransport({
    baseUrl: 'https://relay.example',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const handler = handlers.get(new URL(request.url).pathname);
      if (!handler) return new Response('not found', { status: 404 });
      return handler(request);
    },
  });
}

const net = createTestNetwork();
const evidence = createEvidence(net);
const voterOf = (signer: number): VotingSigner => {
  const voter = net.votingSigners[signer];
  if (!voter) throw new Error(`there is no validator ${signer}`);
  return voter;
};
const never = new AbortController().signal;
const block = { height: 7n, hash: sampleHash('block'), timestamp: 1_700_000_000n };

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A stream that is refused before its first step. */
function refusing(error: RejectError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

describe('submits a payment', () => {
  test('with its attachments, and passes every step on as it was sent', async () => {
    const { signedOrder, value } = await evidence.order();
    const ballot = { slot: slotOf(signedOrder.order), round: 0, value };
    const parent = await evidence.certificate((await evidence.order({ amount: toAmount(5n) })).signedOrder);
    const events: readonly TransportPaymentEvent[] = [
      { type: 'failure', signer: 3, reject: new RejectError('STALE_CHAIN', 'blind') },
      { type: 'vote', vote: await evidence.vote(0, ballot) },
      { type: 'quorum', certificate: await evidence.quorum(signedOrder) },
      { type: 'commit', commit: await evidence.commit(0, ballot) },
      { type: 'paid', certificate: await evidence.certificate(signedOrder) },
    ];
    let received: unknown;
    const transport = connectTo({
      async *submitPayment(request) {
        received = [request.signedOrder?.order?.amount, request.attachments.length];
        for (const event of events) yield paymentEventToProto(event, 1n);
      },
    });
    const request = { signedOrder, attachments: [parent] };
    expect(await collect(transport.submitPayment(request, never))).toEqual(events);
    expect(received).toEqual([10_000_000n, 1]);
  });

  test('and throws the relay’s refusal with its facts', async () => {
    const { signedOrder } = await evidence.order();
    const transport = connectTo({
      submitPayment: () => refusing(new RejectError('RATE_LIMITED', 'slow down', { retryAfterMs: 1_500 })),
    });
    await expect(collect(transport.submitPayment({ signedOrder, attachments: [] }, never))).rejects.toMatchObject({
      name: 'RejectError',
      code: 'RATE_LIMITED',
      facts: { retryAfterMs: 1_500 },
    });
  });

  test('and ends when it is aborted, though the relay would go on for ever', async () => {
    const { signedOrder, value } = await evidence.order();
    const vote = await evidence.vote(0, { slot: slotOf(signedOrder.order), round: 0, value });
    const transport = connectTo({
      async *submitPayment(_request, context) {
        yield paymentEventToProto({ type: 'vote', vote }, 1n);
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
      },
    });
    const controller = new AbortController();
    const iterator = transport
      .submitPayment({ signedOrder, attachments: [] }, controller.signal)
      [Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ type: 'vote' });
    const end = iterator.next();
    controller.abort();
    await expect(end).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });
});

describe('what cannot be understood is nobody’s refusal', () => {
  test('a step that is malformed', async () => {
    const { signedOrder } = await evidence.order();
    const transport = connectTo({
      async *submitPayment() {
        yield await Promise.resolve({ step: { case: 'vote' as const, value: {} } });
      },
    });
    await expect(collect(transport.submitPayment({ signedOrder, attachments: [] }, never))).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      cause: { code: 'INVALID_FORMAT' },
    });
  });

  test('an error without a detail, and a relay that is not there', async () => {
    const failing = connectTo({
      getRelayChainHead() {
        throw new ConnectError('boom', Code.Internal);
      },
    });
    await expect(failing.chainHead()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    const offline = createRelayTransport({
      baseUrl: 'https://relay.example',
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    await expect(offline.chainHead()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    await expect(collect(offline.watchAccount(alice, never))).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    });
  });

  test('an answer that never comes', async () => {
    const transport = createRelayTransport({
      baseUrl: 'https://relay.example',
      timeoutMs: 20,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        }),
    });
    await expect(transport.chainHead()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('an answer without an end, and a message that never becomes whole', async () => {
    const neverWhole = (type: string, head: Uint8Array<ArrayBuffer>) =>
      createRelayTransport({
        baseUrl: 'https://relay.example',
        fetch: async () => {
          const body = new ReadableStream({
            start: (controller) => controller.enqueue(head),
            pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
          });
          return new Response(body, { headers: { 'content-type': type } });
        },
      });
    const answering = neverWhole('application/proto', new Uint8Array(0));
    await expect(answering.chainHead()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    const streaming = neverWhole('application/connect+proto', Uint8Array.of(0, 255, 255, 255, 255));
    await expect(collect(streaming.watchAccount(alice, never))).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    });
  });

  test('the log of another validator than the one that was asked', async () => {
    const transport = connectTo({
      listRelayBulletin: () => ({ signer: 2, entries: [], nextCursor: 0n, hasMore: false }),
    });
    await expect(transport.accountLog({ owner: alice, signer: 1, afterCursor: 0n })).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    });
  });
});

test('reads statements, and one validator’s garbage does not hide the others’', async () => {
  const signed: SignedStatement = {
    epoch: 0n,
    statement: {
      account: { owner: alice, asset: PATH_USD },
      balance: -5n,
      next: 2n,
      finalizedHeight: 7n,
      finalizedHash: sampleHash('block'),
      unixMillis: 1_700_000_000_000n,
      clientNonce: new Uint8Array(16).fill(3),
    },
    signature: { signer: 1, signature: new Uint8Array(64).fill(4) },
  };
  const transport = connectTo({
    getAccountStatements: ({ clientNonce }) => ({
      answers: [
        { known: true },
        accountAnswerToProto({ signed: { ...signed, statement: { ...signed.statement, clientNonce } }, known: true }),
      ],
    }),
  });
  const account = { owner: alice, asset: PATH_USD };
  expect(await transport.accountStatements(account, new Uint8Array(16).fill(3))).toEqual([{ signed, known: true }]);
});

test('reads a page of one validator’s log', async () => {
  const { signedOrder, value } = await evidence.order();
  const certificate = await evidence.certificate(signedOrder);
  const hint = { transactionHash: value, stage: 'INCLUDED' as const, slot: certificate.slot };
  const asked: unknown[] = [];
  const transport = connectTo({
    listRelayBulletin: ({ signer, filter, afterCursor, limit }) => {
      asked.push([signer, filter?.owner, afterCursor, limit]);
      return {
        signer: signer ?? 0,
        entries: [
          bulletinEntryToProto({ cursor: 5n, event: { type: 'resolved', certificate } }),
          bulletinEntryToProto({
            cursor: 6n,
            event: {
              type: 'deposited',
              deposit: { index: 0n, account: certificate.slot, amount: 1n, block },
            },
          }),
          bulletinEntryToProto({ cursor: 8n, event: { type: 'settlement', ...hint } }),
        ],
        nextCursor: 9n,
        hasMore: true,
      };
    },
  });
  expect(await transport.accountLog({ owner: alice, signer: 2, afterCursor: 4n })).toEqual({
    certificates: [certificate],
    settlements: [{ type: 'settlement', ...hint }],
    nextCursor: 9n,
    hasMore: true,
  });
  expect(asked).toEqual([[2, bytesOf(alice), 4n, 250]]);
});

test('watches an account', async () => {
  const { signedOrder, value } = await evidence.order();
  const certificate = await evidence.certificate(signedOrder);
  const transport = connectTo({
    async *watchAccount({ owner }) {
      expect(owner).toEqual(bytesOf(alice));
      yield accountEventToProto({ type: 'keepAlive', unixMillis: 1n });
      yield await Promise.resolve(accountEventToProto({ type: 'resolved', certificate }));
      const deposit = { index: 3n, account: certificate.slot, amount: 12n, block };
      yield accountEventToProto({ type: 'deposited', deposit });
      yield accountEventToProto({
        type: 'settlement',
        transactionHash: value,
        stage: 'FINALIZED',
        slot: certificate.slot,
        settlement: { block, transactionHash: sampleHash('settling') },
      });
    },
  });
  expect(await collect(transport.watchAccount(alice, never))).toMatchObject([
    { type: 'keepAlive' },
    { type: 'resolved', certificate },
    { type: 'deposited', account: { owner: certificate.slot.owner, asset: PATH_USD }, amount: 12n },
    { type: 'settlement', stage: 'FINALIZED', settlement: { block } },
  ]);
});

describe('ends a slot', () => {
  const { context } = evidence;
  const owner = testAccount('alice');

  test('with promises and a proposal that arrive as they were signed', async () => {
    const { signedOrder, value } = await evidence.order();
    const slot = slotOf(signedOrder.order);
    const lockCertificate = await evidence.quorum(signedOrder);
    const newRound = await signNewRound(context, slot, 1, owner);
    const lock = { epoch: 0n, round: 0, value };
    const proven: ProvenPromise = {
      promise: await signPromise(context, { slot, round: 1, lock }, 0, voterOf(0)),
      lockCertificate,
    };
    const collected = {
      promises: [proven],
      failures: [{ signer: 2, reject: new RejectError('STALE_ROUND', 'promised 4', { promisedRound: 4 }) }],
    };
    const request = {
      proposal: await signProposal(context, { slot, round: 1, value }, signedOrder, owner),
      promises: [proven.promise],
      lockCertificates: [lockCertificate],
      attachments: [],
    };
    const received: unknown[] = [];
    const transport = connectTo({
      collectPromises(message) {
        received.push(roundSubmissionFromProto(message));
        return collectedPromisesToProto(collected);
      },
      async *submitRoundProposal(message) {
        received.push(proposalSubmissionFromProto(message));
        const certificate = await evidence.certificate(signedOrder);
        yield paymentEventToProto({ type: 'paid', certificate }, 1n);
      },
    });
    expect(await transport.collectPromises({ newRound, attachments: [] }, never)).toEqual(collected);
    expect(await collect(transport.submitProposal(request, never))).toMatchObject([{ type: 'paid' }]);
    expect(received).toEqual([{ newRound, attachments: [] }, request]);
  });

  test('and gives up with the caller', async () => {
    const { signedOrder } = await evidence.order();
    const controller = new AbortController();
    const transport = connectTo({
      collectPromises: async (_message, { signal }) => {
        const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        controller.abort();
        await aborted;
        throw new ConnectError('the caller is gone', Code.Canceled);
      },
    });
    const newRound = await signNewRound(context, slotOf(signedOrder.order), 1, owner);
    const answer = transport.collectPromises({ newRound, attachments: [] }, controller.signal);
    await expect(answer).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });
});

test('reads funding closures, and evidence of misbehaviour', async () => {
  const { signedOrder, value } = await evidence.order();
  const certificate = await evidence.certificate(signedOrder);
  const ballot = { slot: slotOf(signedOrder.order), round: 0, value };
  const proof: Evidence = {
    type: 'votes',
    first: await evidence.vote(2, ballot),
    second: await evidence.vote(2, { ...ballot, value: sampleHash('another') }),
  };
  const transport = connectTo({
    getRelayFundingClosure: ({ transactionHash }) =>
      fundingClosureToProto({ certificates: [certificate], complete: hashFromBytes(transactionHash) === value }),
    listRelayEvidence: () => ({ evidence: [evidenceToProto(proof)] }),
  });
  expect(await transport.fundingClosure(value)).toEqual({ certificates: [certificate], complete: true });
  expect(await transport.evidence()).toEqual([proof]);
});

test('reads payment status, committee and chain head', async () => {
  const { signedOrder } = await evidence.order();
  const commitCertificate = await evidence.certificate(signedOrder);
  const status = { signer: 1, reachable: true, latencyMs: 1.5, error: '', checkedAtMs: 99 };
  const info = {
    name: 'Edgar',
    signer: 1,
    votingKey: sampleHash('key'),
    settlementAddress: alice,
    stake: 1n,
    epoch: 0n,
    domainSeparator: sampleHash('domain'),
    committeeHash: sampleHash('committee'),
    version: '0.1.0',
    uptimeMs: 5,
    votesSigned: 1n,
    commitsSigned: 2n,
    slotsResolved: 3n,
    lastSignedAtMs: 4,
    observing: true,
    chainHead: { latest: block, finalized: { ...block, height: 5n } },
  };
  const delivered: unknown[] = [];
  const transport = connectTo({
    getPaymentStatus: () =>
      paymentStatusToProto({ voteCount: 4, commitCount: 3, stage: 'QUEUED_ONCHAIN', commitCertificate }),
    getCommitteeStatus: () => ({ validators: [status, { ...status, info }].map(validatorStatusToProto) }),
    getRelayChainHead: () => ({ chainHead: chainHeadToProto(info.chainHead) }),
    deliverCertificate: ({ commitCertificate: certificate }) => {
      delivered.push(hashFromBytes(certificate?.ballot?.value ?? new Uint8Array()));
      return { signers: [0, 1, 2] };
    },
  });
  expect(await transport.paymentStatus(commitCertificate.value)).toEqual({
    stage: 'QUEUED_ONCHAIN',
    voteCount: 4,
    commitCount: 3,
    commitCertificate,
  });
  const [bare, full] = await transport.committeeStatus();
  expect(bare).toEqual(status);
  expect(full?.info).toMatchObject({ name: 'Edgar', finalizedHeight: 5n, slotsResolved: 3n, observing: true });
  expect(await transport.chainHead()).toEqual(info.chainHead);
  await transport.deliverCertificate(commitCertificate);
  expect(delivered).toEqual([commitCertificate.value]);
});
