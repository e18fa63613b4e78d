import './support/patience.ts';
import { randomBytes } from 'node:crypto';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { createVerificationContext, verifyCommitCertificate, verifyStatement } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { PATH_USD } from '@fastpay/protocol';
import {
  accountAnswerFromProto,
  commitCertificateFromProto,
  rejectFromError,
  ValidatorService,
  validatorInfoFromProto,
} from '@fastpay/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { certificateOf, commitOf, pay, voteOf } from './support/certify.ts';
import { createGrpcClient, type GrpcClient, type Message } from './support/grpc.ts';
import { bytes, createPayer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const recipient = `0x${'b0'.repeat(20)}` as const;
let net: TestNetwork;
let sidecar: SidecarProcess;
let client: GrpcClient;

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave'] });
  sidecar = await startSidecarProcess(net.configFile('Dave'));
  client = await createGrpcClient(sidecar.url);
});
afterAll(async () => {
  client?.close();
  await sidecar?.stop();
  await net?.stop();
});

function newPayer() {
  return createPayer(net.network.domain, PATH_USD, recipient);
}

async function fundedPayer(amount = 100_000_000n) {
  const payer = newPayer();
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], amount);
  await waitForBalance(client, payer.address, PATH_USD, amount);
  return payer;
}

describe('a deposit', () => {
  it('counts from the block on that is final, not before', async () => {
    const payer = newPayer();
    await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 5_000_000n);
    const listing = () => client.call('ListBulletin', { filter: { owner: bytes(payer.address) } });
    const statement = await waitForBalance(client, payer.address, PATH_USD, 5_000_000n);
    const { entries } = (await listing()) as { entries: { deposited: { block: Message; amount: string } }[] };
    expect(entries).toHaveLength(1);
    expect(entries[0]?.deposited.amount).toBe('5000000');
    const { chain_head: head } = (await client.call('GetChainHead', {})) as { chain_head: Record<string, Message> };
    const depositHeight = BigInt(String(entries[0]?.deposited.block.height));
    expect(BigInt(String(head.finalized?.height))).toBeGreaterThanOrEqual(depositHeight);
    expect(BigInt(String(statement.finalized_height))).toBeGreaterThanOrEqual(depositHeight);
  });
});

describe('plain gRPC with the .proto files and a viem signature', () => {
  it('gets a vote, a commit and a resolution that move the money', async () => {
    const payer = await fundedPayer();
    const submission = await payer.submission({});
    const vote = await voteOf(client, submission);
    expect(vote).toMatchObject({ epoch: '0', signature: { signer: 0 } });
    const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [vote]);
    const commit = await commitOf(client, quorum);
    const certificate = certificateOf('CERTIFICATE_TYPE_COMMIT', submission, [commit]);
    const resolved = await client.call('SubmitCommitCertificate', { commit_certificate: certificate });
    expect(resolved).toEqual({ stage: 'STAGE_QUEUED_ONCHAIN' });
    const statement = await waitForBalance(client, payer.address, PATH_USD, 0n);
    expect(statement).toMatchObject({ balance: String(100_000_000n - 10_010_000n), next: '1' });
  });

  it('is answered with the same bytes again, also after a restart', async () => {
    const payer = await fundedPayer();
    const submission = await payer.submission({ amount: 1n });
    const request = { ...submission };
    const first = await client.callRaw('SubmitOrder', request);
    expect(await client.callRaw('SubmitOrder', request)).toEqual(first);
    const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [await voteOf(client, submission)]);
    const firstCommit = await client.callRaw('SubmitQuorumCertificate', { quorum_certificate: quorum });

    await sidecar.stop();
    client.close();
    sidecar = await startSidecarProcess(net.configFile('Dave'));
    client = await createGrpcClient(sidecar.url);
    expect(await client.callRaw('SubmitOrder', request)).toEqual(first);
    expect(await client.callRaw('SubmitQuorumCertificate', { quorum_certificate: quorum })).toEqual(firstCommit);

    const certificate = await pay([client], submission);
    const { commit_certificate: stored } = await client.call('SubmitOrder', request);
    expect(stored).toMatchObject({ type: 'CERTIFICATE_TYPE_COMMIT', signatures: certificate.signatures });
  });

  it.each([
    ['another chain', { salt: `0x${'99'.repeat(32)}` as const }, {}, 'INVALID_SIGNATURE'],
    ['too little money', {}, { amount: 100_000_001n }, 'INSUFFICIENT_FUNDS'],
    ['a later slot', {}, { sequence: 7n }, 'MISSING_PREDECESSOR'],
    ['too low a fee', {}, { fee: 1n }, 'FEE_TOO_LOW'],
    ['a past end', {}, { validUntil: 1n }, 'EXPIRED'],
    ['an end too far', {}, { validUntil: 99_999_999_999n }, 'EXPIRED'],
    ['an unknown asset', {}, { asset: `0x20c0${'00'.repeat(17)}09` as const }, 'NOT_PAYMENT'],
    ['an unknown parent', {}, { parents: [`0x${'77'.repeat(32)}` as const] }, 'MISSING_PARENT'],
    ['nothing', {}, { amount: 0n }, 'INVALID_FORMAT'],
  ])('is refused with a Reject detail for %s, and nothing changes', async (_what, domain, order, code) => {
    const payer = createPayer({ ...net.network.domain, ...domain }, PATH_USD, recipient);
    await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
    await waitForBalance(client, payer.address, PATH_USD, 100_000_000n);
    const submission = await payer.submission(order);
    const error = await client.call('SubmitOrder', { ...submission }).catch((reason: unknown) => reason);
    const reject = client.rejectOf(error);
    expect(reject.code).toBe(code);
    expect(reject.action).not.toBe('');
    const statement = await waitForBalance(client, payer.address, PATH_USD, 0n);
    expect(statement).toMatchObject({ balance: '100000000', next: '0' });
  });

  it('names the order that holds the slot when another is sent for it', async () => {
    const payer = await fundedPayer();
    const first = await payer.submission({ amount: 1n });
    await voteOf(client, first);
    const second = await payer.submission({ amount: 2n });
    const error = await client.call('SubmitOrder', { ...second }).catch((reason: unknown) => reason);
    const reject = client.rejectOf(error);
    expect(reject.code).toBe('EQUIVOCATION');
    expect(reject.stored_order).toMatchObject({ payer_signature: first.signed_order.payer_signature });
  });

  it('streams the payment from acceptance to the commit certificate', async () => {
    const payer = await fundedPayer();
    const submission = await payer.submission({});
    const stream = client.stream('StreamPayment', { ...submission });
    const steps: Message[] = [];
    const finish = async () => {
      // More often than a stream keeps steps for its reader: the same news counts once.
      const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [await voteOf(client, submission)]);
      await Promise.all(Array.from({ length: 50 }, () => commitOf(client, quorum)));
      await pay([client], submission);
    };
    const paid = new Promise<void>((resolve, reject) => {
      stream.on('data', (step: Message) => {
        steps.push(step);
        if (step.stage === 'STAGE_ACCEPTED') finish().catch(reject);
        if (step.stage === 'STAGE_QUEUED_ONCHAIN') resolve();
      });
      stream.on('error', reject);
    });
    await paid;
    stream.removeAllListeners('error').on('error', () => undefined);
    stream.cancel();
    expect(steps.map(({ stage }) => stage)).toEqual(['STAGE_ACCEPTED', 'STAGE_CERTIFIED', 'STAGE_QUEUED_ONCHAIN']);
    expect(steps.map(({ evidence }) => evidence)).toEqual(['vote', 'quorum_certificate', 'commit_certificate']);
  });
});

describe.each([
  ['Connect over HTTP/1.1', (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1' })],
  ['Connect over HTTP/2', (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '2' })],
  [
    'Connect with JSON',
    (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat: false }),
  ],
  ['gRPC-Web', (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })],
  ['gRPC', (baseUrl: string) => createGrpcTransport({ baseUrl })],
])('%s', (_name, transportTo) => {
  it('serves statements, payments, the bulletin and refusals', async () => {
    const context = createVerificationContext(net.network, createNodeEngine());
    const payer = await fundedPayer();
    const submission = await payer.submission({});
    await pay([client], submission);

    const rpc = createClient(ValidatorService, transportTo(sidecar.url));
    const clientNonce = randomBytes(16);
    const account = { owner: bytes(payer.address), asset: bytes(PATH_USD) };
    const answer = accountAnswerFromProto((await rpc.getAccount({ ...account, clientNonce })).account);
    await verifyStatement(context, answer.signed);
    expect(Buffer.from(answer.signed.statement.clientNonce)).toEqual(clientNonce);
    expect(answer.signed.statement.balance).toBe(89_990_000n);

    const { entries, storeId, hasMore } = await rpc.listBulletin({ filter: { owner: account.owner } });
    expect(entries.map(({ event }) => event.case)).toEqual(['deposited', 'resolved']);
    expect(hasMore).toBe(false);
    const resolved = entries[1]?.event;
    if (resolved?.case !== 'resolved') throw new Error('a resolution was expected');
    const certificate = commitCertificateFromProto(resolved.value);
    await verifyCommitCertificate(context, certificate);

    const { payment } = await rpc.getPayment({ transactionHash: bytes(certificate.value) });
    expect(payment?.commitCertificate).toEqual(resolved.value);
    expect((await rpc.getPayment({ transactionHash: randomBytes(32) })).payment).toBeUndefined();

    for await (const { entry } of rpc.watchBulletin({ filter: { owner: account.owner }, storeId, afterCursor: 0n })) {
      if (entry?.event.case === 'resolved') break;
      if (entry) expect(entry.event.case).toBe('deposited');
    }
    const foreign = await rpc.listBulletin({ storeId: randomBytes(16) }).catch(rejectFromError);
    expect(foreign).toMatchObject({ code: 'INVALID_FORMAT' });
    expect(await rpc.listBulletin({ limit: 1_001 }).catch(rejectFromError)).toMatchObject({ code: 'INVALID_FORMAT' });

    const info = validatorInfoFromProto(await rpc.getValidatorInfo({}));
    expect(info).toMatchObject({ name: 'Dave', signer: 0, stake: 1n });
    expect(info.votesSigned > 0n && info.commitsSigned > 0n && info.slotsResolved > 0n).toBe(true);
    expect(info.chainHead?.finalized.height).toBeLessThanOrEqual(info.chainHead?.latest.height ?? 0n);
  });
});

it('tells watchers of what comes, once and in order, and keeps the cursor across pages', async () => {
  const rpc = createClient(ValidatorService, createGrpcTransport({ baseUrl: sidecar.url }));
  const payer = await fundedPayer();
  const filter = { owner: bytes(payer.address) };
  const abort = new AbortController();
  const seen: string[] = [];
  const watch = (async () => {
    for await (const { entry, storeId } of rpc.watchBulletin({ filter }, { signal: abort.signal })) {
      expect(storeId).toHaveLength(16);
      if (entry?.event.case === 'resolved') seen.push(String(entry.event.value.ballot?.slot?.sequence));
      if (seen.length === 3) return;
    }
  })();
  for (let sequence = 0n; sequence < 3n; sequence++)
    await pay([client], await payer.submission({ sequence, amount: 1n }));
  await watch;
  abort.abort();
  expect(seen).toEqual(['0', '1', '2']);

  const paged: unknown[] = [];
  for (let afterCursor = 0n, more = true; more; ) {
    const page = await rpc.listBulletin({ filter, afterCursor, limit: 1 });
    paged.push(...page.entries.map(({ event }) => event.case));
    afterCursor = page.nextCursor;
    more = page.hasMore;
  }
  expect(paged).toEqual(['deposited', 'resolved', 'resolved', 'resolved']);
});
