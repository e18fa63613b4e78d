import './support/patience.ts';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { PATH_USD } from '@fastpay/protocol';
import { commitCertificateFromProto, ValidatorService } from '@fastpay/rpc';
import { settle } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { certificateOf, commitOf, pay, voteOf } from './support/certify.ts';
import { createGrpcClient, type GrpcClient, type Message } from './support/grpc.ts';
import { bytes, createPayer, type Payer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const recipient = `0x${'b0'.repeat(20)}` as const;
let net: TestNetwork;
let sidecar: SidecarProcess | undefined;
let client: GrpcClient;

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave'] });
});
afterEach(stopSidecar);
afterAll(() => net?.stop());

async function start(...flags: string[]): Promise<SidecarProcess> {
  sidecar = await startSidecarProcess(net.configFile('Dave'), { flags });
  client = await createGrpcClient(sidecar.url);
  return sidecar;
}

async function stopSidecar(): Promise<void> {
  client?.close();
  await sidecar?.stop();
  sidecar = undefined;
}

async function fundedPayer(): Promise<Payer> {
  const payer = createPayer(net.network.domain, PATH_USD, recipient);
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
  await waitForBalance(client, payer.address, PATH_USD, 100_000_000n);
  return payer;
}

it('follows a payment to its final block and ends the stream there', async () => {
  const { url } = await start();
  const payer = await fundedPayer();
  const submission = await payer.submission({});
  const stream = client.stream('StreamPayment', { ...submission });
  const steps: Message[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('data', (step: Message) => steps.push(step));
    stream.on('end', resolve);
    stream.on('error', reject);
  });
  await pay([client], submission);

  const rpc = createClient(ValidatorService, createGrpcTransport({ baseUrl: url }));
  const { entries } = await rpc.listBulletin({ filter: { owner: bytes(payer.address) } });
  const resolved = entries.map(({ event }) => event).find((event) => event.case === 'resolved');
  const certificate = commitCertificateFromProto(resolved?.value);
  const { committee, domain } = net.network;
  const { rpcUrl } = net.node;
  const { receipt } = await settle({
    rpcUrl,
    reserve: domain.reserve,
    signer: devAccount(0),
    certificates: [certificate],
    committee,
  });
  await ended;
  const stages = steps.map(({ stage }) => stage);
  expect(stages.filter((stage) => stage !== 'STAGE_CERTIFIED' && stage !== 'STAGE_INCLUDED')).toEqual([
    'STAGE_ACCEPTED',
    'STAGE_QUEUED_ONCHAIN',
    'STAGE_FINALIZED',
  ]);
  const settlement = steps.at(-1)?.settlement as { block: Message; transaction_hash: Buffer };
  expect(settlement.transaction_hash).toEqual(bytes(receipt.transactionHash));
  expect(settlement.block.height).toBe(String(receipt.blockHeight));
  const { payment } = (await client.call('GetPayment', { transaction_hash: bytes(certificate.value) })) as {
    payment: Message;
  };
  expect(payment).toMatchObject({ stage: 'STAGE_FINALIZED', settlement });
  // A stream that begins when all is over tells it at once.
  const late = client.stream('StreamPayment', { ...submission });
  const lateStages: unknown[] = [];
  for await (const { stage } of late as AsyncIterable<Message>) lateStages.push(stage);
  expect(lateStages).toEqual(['STAGE_QUEUED_ONCHAIN', 'STAGE_FINALIZED']);
});

it('votes no more on another chain, but still finishes what was certified', async () => {
  await start();
  const payer = await fundedPayer();
  const certified = await payer.submission({ sequence: 0n, amount: 1n });
  const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', certified, [await voteOf(client, certified)]);
  await stopSidecar();

  const other = await createTestNetwork({ names: ['Dave'] });
  try {
    const { url, record } = await start('--chain.rpcUrl', other.node.rpcUrl);
    await record((each) => String(each.msg).startsWith('this store belongs to another chain'));
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      reasons: { chain: expect.stringContaining('belongs to another chain') },
    });

    const commit = await commitOf(client, quorum);
    const certificate = certificateOf('CERTIFICATE_TYPE_COMMIT', certified, [commit]);
    await client.call('SubmitCommitCertificate', { commit_certificate: certificate });
    const next = await payer.submission({ sequence: 1n, amount: 1n });
    const error = await voteOf(client, next).catch((reason: unknown) => reason);
    expect(client.rejectOf(error)).toMatchObject({ code: 'STALE_CHAIN', retryable: true });
    await stopSidecar();

    await start();
    await sidecar?.record((each) => each.msg === 'able to vote');
    await voteOf(client, next);
  } finally {
    await other.stop();
  }
});

it('says when it has lost sight of the chain', async () => {
  const lonely = await createTestNetwork({ names: ['Dave'] });
  try {
    const flags = ['--chain.rpcUrl', lonely.node.rpcUrl, '--networkFile', join(lonely.directory, 'network.json')];
    const own = [
      '--keyFile',
      join(lonely.directory, 'Dave.keys.json'),
      '--dataDirectory',
      join(lonely.directory, 'store'),
    ];
    const { url } = await start(...flags, ...own, '--chain.staleAfterMs', '2000');
    const isReady = async () => (await fetch(`${url}/readyz`)).status;
    await expect.poll(isReady, { timeout: 60_000 }).toBe(200);
    await lonely.node.stop();
    await expect.poll(isReady, { timeout: 60_000 }).toBe(503);
    const ready = await fetch(`${url}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: false, reasons: { chain: expect.stringContaining('s old') } });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^fastpay_ready 0$/m);
  } finally {
    await stopSidecar();
    await lonely.stop();
  }
});
