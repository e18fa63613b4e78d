import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { verifyStatement, verifyVote } from '@fastpay/crypto';
import { RejectError, slotOf } from '@fastpay/protocol';
import { afterEach, expect, test } from 'vitest';
import { handMadeClient } from '../testing/hand-made-client.fixtures.ts';
import { refusal } from '../testing/hand-made-validator.fixtures.ts';
import { alice, createTestNetwork } from '../testing/network.fixtures.ts';
import { serveValidator } from '../testing/serve-validator.fixtures.ts';
import { createValidatorClient, type ValidatorClient } from './validator-client.ts';

const net = createTestNetwork();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const never = new AbortController().signal;

async function connected(behaviour: Partial<ValidatorClient> = {}) {
  const served = await serveValidator(handMadeClient(net, 0, behaviour));
  const client = createValidatorClient({ signer: 0, url: served.url });
  cleanups.push(served.stop, client.close);
  return { client, served };
}

test('everything that the relay asks goes over the wire and comes back', async () => {
  const { client } = await connected();
  const signedOrder = await net.sign(alice);
  const { transactionHash } = net.request(signedOrder);
  expect(await client.payment(transactionHash, never)).toBeUndefined();
  const answer = await client.vote({ signedOrder, attachments: [] }, never);
  if (answer.type !== 'vote') throw new Error('no vote');
  await verifyVote(net.context, answer.vote);
  const quorum = await net.quorumCertificate(signedOrder, [0, 1, 2]);
  expect((await client.commit({ certificate: quorum, attachments: [] }, never)).type).toBe('commit');
  const certificate = await net.commitCertificate(signedOrder, [0, 1, 2]);
  await client.resolve(certificate, never);
  expect(await client.payment(transactionHash, never)).toMatchObject({ stage: 'QUEUED_ONCHAIN' });
  const nonce = new Uint8Array(16).fill(3);
  const { signed } = await client.account(slotOf(signedOrder.order), nonce, never);
  await verifyStatement(net.context, signed);
  const page = await client.bulletin({ filter: { owner: alice.address }, afterCursor: 0n, limit: 10 }, never);
  expect(page).toEqual({
    entries: [{ cursor: 1n, event: { type: 'resolved', certificate } }],
    nextCursor: 1n,
    hasMore: false,
  });
  expect(await client.info(never)).toMatchObject({ name: 'Dave', signer: 0 });
});

test('a watch goes on after a position and ends with its signal', async () => {
  const { client } = await connected();
  const certificate = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
  await client.resolve(certificate, never);
  const controller = new AbortController();
  const storeId = new Uint8Array(16).fill(1);
  const watch = client.watch({ cursor: 0n, storeId }, controller.signal)[Symbol.asyncIterator]();
  expect((await watch.next()).value).toEqual({
    entry: { cursor: 1n, event: { type: 'resolved', certificate } },
    storeId,
  });
  const next = watch.next();
  controller.abort();
  await expect(next).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  const other = client.watch({ cursor: 0n, storeId: new Uint8Array(16) }, never)[Symbol.asyncIterator]();
  await expect(other.next()).rejects.toMatchObject({ code: 'INVALID_FORMAT' });
});

test('a refusal comes back as it was said', async () => {
  const reject = new RejectError('EXPIRED', 'too late', { retryAfterMs: 5 });
  const { client } = await connected({ vote: refusal(reject) });
  const vote = client.vote({ signedOrder: await net.sign(alice), attachments: [] }, never);
  await expect(vote).rejects.toMatchObject({ code: 'EXPIRED', message: 'too late', facts: { retryAfterMs: 5 } });
});

test('an answer that cannot be read is no refusal of the payment', async () => {
  const signedOrder = await net.sign(alice);
  const { slot, round, value } = await net.commitCertificate(signedOrder, [0, 1, 2]);
  const short = await net.vote(0, { slot, round, value });
  const vote = { ...short, signature: { signer: 0, signature: new Uint8Array(3) } };
  const { client } = await connected({ vote: () => Promise.resolve({ type: 'vote', vote }) });
  await expect(client.vote({ signedOrder, attachments: [] }, never)).rejects.toMatchObject({
    code: 'TEMPORARILY_UNAVAILABLE',
    message: 'its answer cannot be read',
  });
});

test('a validator that is killed and comes back on its port is reached again', async () => {
  const { client, served } = await connected();
  await client.info(never);
  await served.stop();
  await expect(client.info(never)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  const port = Number(new URL(served.url).port);
  const again = await serveValidator(handMadeClient(net, 0), { port });
  cleanups.push(again.stop);
  expect(await client.info(never)).toMatchObject({ name: 'Dave' });
});

test('a call ends with its signal, also when the other side accepts and says nothing', async () => {
  const sockets = new Set<{ destroy(): void }>();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const client = createValidatorClient({ signer: 0, url: `http://127.0.0.1:${port}` });
  cleanups.push(() => new Promise((resolve) => silent.close(resolve)));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
  }, client.close);
  await expect(client.info(AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
});
