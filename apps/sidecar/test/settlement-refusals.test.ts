import './support/patience.ts';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  bytesOf,
  type CommitCertificate,
  encodeNetwork,
  OrderKind,
  PATH_USD,
  toAddress,
  toAmount,
} from '@fastpay/protocol';
import { certificateToProto, type PaymentView, paymentFromProto } from '@fastpay/rpc';
import {
  createJsonRpc,
  createTempoChain,
  depositFor,
  encodeRelease,
  type JsonRpc,
  sendCalls,
  type TempoCall,
  type TempoChain,
  tokenBalance,
} from '@fastpay/tempo';
import { devAccount, startTempoNode, type TempoNode } from '@fastpay/tempo/node';
import { createToken, type TestToken } from '@fastpay/tempo/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { type PaymentsOptions, payerAddress, payments } from './support/certificates.ts';
import { voteOf } from './support/certify.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { freePort } from './support/free-port.ts';
import { createGrpcClient } from './support/grpc.ts';
import { type HeadProxy, startHeadProxy } from './support/head-proxy.ts';
import { createPayer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

/** Settling where the token refuses to pay out, and through a node that is another, stands still or goes back. */

const recipient = toAddress(`0x${'b0'.repeat(20)}`);
const treasury = devAccount(0);
let net: TestNetwork;
let sidecar: SidecarProcess | undefined;
let rpc: JsonRpc;
let chain: TempoChain;

async function createNetwork(options: Partial<Parameters<typeof createTestNetwork>[0]> = {}): Promise<void> {
  net = await createTestNetwork({ names: ['Dave'], ...options });
  rpc = createJsonRpc({ url: net.node.rpcUrl });
  chain = createTempoChain({ rpcUrl: net.node.rpcUrl, reserve: net.network.domain.reserve });
  await net.fundSettlers(50_000_000n);
}

async function start(...flags: string[]): Promise<SidecarProcess> {
  await sidecar?.stop();
  sidecar = await startSidecarProcess(net.configFile('Dave'), { flags });
  return sidecar;
}

async function stopSidecar(): Promise<void> {
  await sidecar?.stop();
  sidecar = undefined;
}

const url = () => sidecar?.url ?? '';
const metric = (name: string) => metricOf(url(), name);

/** Certificates of as many payments, which nobody was handed yet. */
async function certify(options: Omit<PaymentsOptions, 'recipient'>): Promise<readonly CommitCertificate[]> {
  const certificates: CommitCertificate[] = [];
  for await (const { commitCertificate } of payments(net, { recipient, ...options })) {
    certificates.push(commitCertificate);
  }
  return certificates;
}

/** The same of a payer whom this gives money. */
async function certifyFunded(payerSeed: number, count: number): Promise<readonly CommitCertificate[]> {
  await net.deposit(payerAddress(payerSeed), 1_000_000n);
  return await certify({ payerSeed, count });
}

/** What the chain itself has of such a payer. */
const expectSettledOnce = async (payerSeed: number, count: bigint) =>
  expect(await chain.accountOnChain({ owner: payerAddress(payerSeed), asset: PATH_USD })).toMatchObject({
    balance: 1_000_000n - count * 2_001n,
    nextSequence: count,
  });

async function submit(certificate: CommitCertificate): Promise<void> {
  await createConnectClient(url()).submitCommitCertificate({ commitCertificate: certificateToProto(certificate) });
}

async function stageOf({ value }: CommitCertificate): Promise<PaymentView['stage'] | undefined> {
  const { payment } = await createConnectClient(url()).getPayment({ transactionHash: bytesOf(value) });
  return payment && paymentFromProto(payment).stage;
}
const reaches = (certificate: CommitCertificate, stage: PaymentView['stage']) =>
  expect.poll(() => stageOf(certificate), { timeout: 60_000, interval: 20 }).toBe(stage);

describe('a withdrawal that the token refuses to send', () => {
  let token: TestToken;
  const send = (calls: readonly TempoCall[]) =>
    sendCalls(calls, { feeToken: PATH_USD, gas: 100_000_000n }, { rpc, signer: treasury });
  const account = (owner: Address) => chain.accountOnChain({ owner, asset: token.address });
  const release = (owner: Address) =>
    send([{ to: net.network.domain.reserve, data: encodeRelease(token.address, owner) }]);
  const tokens = (owner: Address) => tokenBalance(rpc, token.address, owner);

  beforeAll(async () => {
    await createNetwork();
    token = await createToken({ rpc, treasury, send: (_, calls) => send(calls) }, 'Test dollar');
    const assets = [...net.network.assets, { address: token.address, symbol: 'TEST', name: 'Test dollar' }];
    writeFileSync(join(net.directory, 'network.json'), JSON.stringify(encodeNetwork({ ...net.network, assets })));
  });
  afterEach(stopSidecar);
  afterAll(() => net.stop());

  it.each([
    {
      cause: 'its recipient is blocked',
      payerSeed: 31,
      refused: toAddress(`0x${'c1'.repeat(20)}`),
      refuse: (owner: Address) => token.block(owner),
      allow: (owner: Address) => token.unblock(owner),
    },
    {
      cause: 'the whole token is paused',
      payerSeed: 32,
      refused: toAddress(`0x${'c2'.repeat(20)}`),
      refuse: () => token.pause(),
      allow: () => token.unpause(),
    },
  ])('is final with its batch, and paid out later, when $cause', async ({ payerSeed, refused, refuse, allow }) => {
    const { rpcUrl } = net.node;
    const { reserve } = net.network.domain;
    const owner = payerAddress(payerSeed);
    const fundings = [{ account: owner, amount: 1_000_000n }];
    await depositFor({ rpcUrl, signer: treasury, asset: token.address, feeToken: PATH_USD, reserve, fundings });
    const before = await account(recipient);
    await refuse(refused);
    // Everything waits before the first is settled, so that it is one batch.
    await start('--settlement.submit', 'false');
    const certificates = await certify({
      payerSeed,
      count: 3,
      change: (sequence) => ({
        asset: token.address,
        amount: toAmount(70n),
        ...(sequence === 1 ? { kind: OrderKind.withdraw, recipient: refused } : {}),
      }),
    });
    for (const certificate of certificates) await submit(certificate);
    await start();
    for (const certificate of certificates) await reaches(certificate, 'FINALIZED');
    expect(await metric('fastpay_settler_batches_total')).toBe(1);

    expect(await account(owner)).toMatchObject({ balance: 1_000_000n - 3n * 2_070n, nextSequence: 3n });
    expect((await account(recipient)).balance - before.balance).toBe(140n);
    expect(await account(refused)).toMatchObject({ balance: 0n, owed: 70n });
    await expect(release(refused)).rejects.toMatchObject({ code: 'REVERTED' });
    expect((await account(refused)).owed).toBe(70n);

    await allow(refused);
    await release(refused);
    expect(await tokens(refused)).toBe(70n);
    expect((await account(refused)).owed).toBe(0n);
  });
});

describe('a node that comes back as another', () => {
  let directory: string;
  let port: number;
  let node: TempoNode;
  const stateFile = () => join(directory, 'chain');
  const oldStateFile = () => join(directory, 'old-chain');

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'fastpay-refusals-'));
    port = await freePort();
    await createNetwork({ node: { port, stateFile: stateFile() } });
    node = net.node;
  });
  afterEach(async () => {
    await stopSidecar();
    await node.stop();
    await net.stop();
    rmSync(directory, { recursive: true });
  });

  async function exchangeNode(file?: string): Promise<void> {
    await node.stop();
    node = await startTempoNode({ port, blockTimeSeconds: 0.2, ...(file === undefined ? {} : { stateFile: file }) });
  }

  it.each([
    { title: 'without its state', hasReserve: false },
    { title: 'with an old copy, and goes on from there', hasReserve: true },
  ])('$title: nothing is voted for, settled or called final until it is back', async ({ hasReserve }) => {
    const [settled, waiting] = await certifyFunded(33, 2);
    if (!settled || !waiting) throw new Error('nothing was certified');
    const payer = createPayer(net.network.domain, PATH_USD, recipient);
    await net.deposit(toAddress(payer.address.toLowerCase()), 100_000_000n);
    await node.checkpoint();
    copyFileSync(stateFile(), oldStateFile());
    const { record } = await start();
    const client = await createGrpcClient(url());
    try {
      await waitForBalance(client, payer.address, PATH_USD, 100_000_000n);
      await submit(settled);
      await reaches(settled, 'FINALIZED');
      const known = (await chain.head()).finalized.height;

      await exchangeNode(hasReserve ? oldStateFile() : undefined);
      if (hasReserve) await rpc.request('anvil_mine', [`0x${known.toString(16)}`, '0x0']);
      await record(({ msg }) => String(msg).startsWith('this store belongs to another chain'));
      await submit(waiting);
      const ready = await fetch(`${url()}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ reasons: { chain: expect.stringContaining('another chain') } });
      const refusal = await voteOf(client, await payer.submission({})).catch((reason: unknown) => reason);
      expect(client.rejectOf(refusal)).toMatchObject({ code: 'STALE_CHAIN', retryable: true });
      const height = (await chain.head()).latest.height;
      await expect
        .poll(async () => (await chain.head()).latest.height - height, { timeout: 30_000 })
        .toBeGreaterThan(8n);
      expect(await stageOf(settled)).toBe('FINALIZED');
      expect(await stageOf(waiting)).toBe('QUEUED_ONCHAIN');
      expect(await metric('fastpay_settler_batches_total')).toBe(1);
      expect(await metric('fastpay_chain_foreign')).toBe(1);

      await exchangeNode(stateFile());
      await record(({ msg }) => msg === 'the node is on the chain of this store again');
      await reaches(waiting, 'FINALIZED');
      await expectSettledOnce(33, 2n);
      await voteOf(client, await payer.submission({}));
    } finally {
      client.close();
    }
  });
});

describe('a node whose head', () => {
  let proxy: HeadProxy;

  beforeAll(async () => {
    await createNetwork();
    proxy = await startHeadProxy(net.node.rpcUrl);
    await start('--chain.rpcUrl', proxy.rpcUrl);
  });
  afterEach(() => proxy.pin(undefined));
  afterAll(async () => {
    await stopSidecar();
    await proxy.stop();
    await net.stop();
  });

  const mineEvery = (seconds: number) => rpc.request('evm_setIntervalMining', [seconds]);
  const looks = () => proxy.asked(20);

  it('goes back behind what was final stops settling until it has caught up', async () => {
    const [first, second] = await certifyFunded(35, 2);
    if (!first || !second || !sidecar) throw new Error('nothing was certified');
    await submit(first);
    await reaches(first, 'FINALIZED');
    const batches = await metric('fastpay_settler_batches_total');
    const { height } = (await chain.head()).finalized;
    proxy.pin({ latest: height - 4n, finalized: height - 6n });
    await sidecar.record(({ msg }) => String(msg).startsWith('the node reports an older finalized block'));
    await submit(second);
    await looks();
    expect(await stageOf(first)).toBe('FINALIZED');
    expect(await stageOf(second)).toBe('QUEUED_ONCHAIN');
    expect(await metric('fastpay_settler_batches_total')).toBe(batches);
    proxy.pin(undefined);
    await reaches(second, 'FINALIZED');
    expect(await metric('fastpay_chain_backwards_total')).toBe(1);
    await expectSettledOnce(35, 2n);
  });

  it('stands still is believed no further than it shows, and nothing is sent twice', async () => {
    const [certificate] = await certifyFunded(34, 1);
    if (!certificate) throw new Error('nothing was certified');
    const batches = await metric('fastpay_settler_batches_total');
    // No block comes between looking at the head and holding it.
    await mineEvery(3_600);
    const { latest, finalized } = await chain.head();
    proxy.pin({ latest: latest.height, finalized: finalized.height });
    await mineEvery(1);
    await submit(certificate);
    const isFinalThere = async () =>
      (await chain.settlements(latest.height, (await chain.head()).finalized.height)).length;
    await expect.poll(isFinalThere, { timeout: 30_000 }).toBe(1);
    await looks();
    expect(await stageOf(certificate)).toBe('QUEUED_ONCHAIN');
    proxy.pin(undefined);
    await reaches(certificate, 'FINALIZED');
    expect((await metric('fastpay_settler_batches_total')) - batches).toBe(1);
    await expectSettledOnce(34, 1n);
  });

  it('goes back behind a settlement takes it back and shows it again, without a second one', async () => {
    const [certificate] = await certifyFunded(36, 1);
    if (!certificate) throw new Error('nothing was certified');
    const batches = await metric('fastpay_settler_batches_total');
    await mineEvery(3_600);
    await submit(certificate);
    await expect.poll(() => metric('fastpay_settler_in_flight'), { timeout: 30_000, interval: 20 }).toBe(1);
    await rpc.request('evm_mine', []);
    await reaches(certificate, 'INCLUDED');
    const { latest, finalized } = await chain.head();
    proxy.pin({ latest: latest.height - 1n, finalized: finalized.height });
    await reaches(certificate, 'QUEUED_ONCHAIN');
    await looks();
    expect(await stageOf(certificate)).toBe('QUEUED_ONCHAIN');
    proxy.pin(undefined);
    await reaches(certificate, 'INCLUDED');
    await mineEvery(1);
    await reaches(certificate, 'FINALIZED');
    expect((await metric('fastpay_settler_batches_total')) - batches).toBe(1);
    await expectSettledOnce(36, 1n);
  });
});
