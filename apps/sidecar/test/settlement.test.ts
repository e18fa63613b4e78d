import './support/patience.ts';
import { bytesOf, type CommitCertificate, PATH_USD, toAddress, ZERO_HASH } from '@fastpay/protocol';
import { certificateToProto, type PaymentView, paymentFromProto } from '@fastpay/rpc';
import { createJsonRpc, createTempoChain, type TempoChain } from '@fastpay/tempo';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { payerAddress, payments } from './support/certificates.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

/** The settler and the watcher of a sidecar on a real node, which is paused, turned back and starved of gas. */

const PAYER_SEED = 21;
const recipient = toAddress(`0x${'b0'.repeat(20)}`);
let net: TestNetwork;
let chain: TempoChain;
let sidecar: SidecarProcess | undefined;

beforeEach(async () => {
  net = await createTestNetwork({ names: ['Dave'] });
  chain = createTempoChain({ rpcUrl: net.node.rpcUrl, reserve: net.network.domain.reserve });
  await net.deposit(payerAddress(PAYER_SEED), 1_000_000n);
});
afterEach(async () => {
  await sidecar?.stop();
  sidecar = undefined;
  await net.stop();
});

const rpc = (method: string, ...params: unknown[]) => createJsonRpc({ url: net.node.rpcUrl }).request(method, params);

async function start(...flags: string[]): Promise<SidecarProcess> {
  await sidecar?.stop();
  sidecar = await startSidecarProcess(net.configFile('Dave'), { flags });
  return sidecar;
}

/** Certificates of as many payments, handed to the validator. */
async function pay(count: number): Promise<readonly CommitCertificate[]> {
  const certificates: CommitCertificate[] = [];
  for await (const { commitCertificate } of payments(net, { payerSeed: PAYER_SEED, recipient, count })) {
    certificates.push(commitCertificate);
    const client = createConnectClient(sidecar?.url ?? '');
    await client.submitCommitCertificate({ commitCertificate: certificateToProto(commitCertificate) });
  }
  return certificates;
}

async function paymentOf(certificate: CommitCertificate | undefined): Promise<PaymentView | undefined> {
  const transactionHash = bytesOf(certificate?.value ?? ZERO_HASH);
  const { payment } = await createConnectClient(sidecar?.url ?? '').getPayment({ transactionHash });
  return payment && paymentFromProto(payment);
}
const stageOf = async (certificate: CommitCertificate | undefined) => (await paymentOf(certificate))?.stage;
const reaches = (certificate: CommitCertificate | undefined, stage: PaymentView['stage']) =>
  expect.poll(() => stageOf(certificate), { timeout: 30_000, interval: 20 }).toBe(stage);
const metric = (name: string) => metricOf(sidecar?.url ?? '', name);

/** Settled in a block above which no other comes, so that it stays as it is. */
async function includedAndFrozen(): Promise<CommitCertificate | undefined> {
  await start();
  await rpc('evm_setIntervalMining', 3_600);
  const [certificate] = await pay(1);
  await expect.poll(() => metric('fastpay_settler_in_flight'), { timeout: 30_000, interval: 20 }).toBe(1);
  await rpc('evm_mine');
  await reaches(certificate, 'INCLUDED');
  return certificate;
}

it('settles what is paid by itself, and says where and at what cost', async () => {
  await net.fundSettlers(10_000_000n);
  await start();
  const certificates = await pay(5);
  for (const certificate of certificates) await reaches(certificate, 'FINALIZED');
  const settlement = (await paymentOf(certificates[0]))?.settlement;
  expect(await chain.block(settlement?.block.height ?? 0n)).toEqual(settlement?.block);
  const owner = payerAddress(PAYER_SEED);
  expect(await chain.accountOnChain({ owner, asset: PATH_USD })).toMatchObject({
    balance: 1_000_000n - 5n * 2_001n,
    nextSequence: 5n,
  });
  await expect.poll(() => metric('fastpay_settler_earned_units_total'), { timeout: 30_000 }).toBe(10_000);
  expect(await metric('fastpay_settler_settled_total')).toBe(5);
  const spent = await metric('fastpay_settler_spent_units_total');
  expect(spent).toBeGreaterThan(0);
  // Settling pays for itself.
  expect(spent).toBeLessThan(10_000);
});

it('gives a payment back to the queue when its block is abandoned, and settles it again', async () => {
  await net.fundSettlers(10_000_000n);
  const certificate = await includedAndFrozen();
  await rpc('anvil_reorg', 1, []);
  await reaches(certificate, 'QUEUED_ONCHAIN');
  expect((await paymentOf(certificate))?.settlement).toBeUndefined();
  await rpc('evm_setIntervalMining', 1);
  await reaches(certificate, 'FINALIZED');
  expect(await metric('fastpay_settler_batches_total')).toBe(2);
});

it('notices after a restart that a block was abandoned while it was away', async () => {
  await net.fundSettlers(10_000_000n);
  const certificate = await includedAndFrozen();
  await sidecar?.stop();
  await rpc('anvil_reorg', 1, []);
  await start('--settlement.submit', 'false');
  await reaches(certificate, 'QUEUED_ONCHAIN');
  await rpc('evm_setIntervalMining', 1);
  await start();
  await reaches(certificate, 'FINALIZED');
});

it('calls final after a restart what became final while it was away', async () => {
  await net.fundSettlers(10_000_000n);
  const certificate = await includedAndFrozen();
  await sidecar?.stop();
  await rpc('anvil_mine', '0x5', '0x1');
  await start('--settlement.submit', 'false');
  await reaches(certificate, 'FINALIZED');
});

it('says that it has no money for gas, and settles once it has', async () => {
  const { record } = await start();
  const [certificate] = await pay(1);
  expect(await record(({ msg }) => msg === 'settling failed')).toMatchObject({ trouble: expect.any(String) });
  expect(await metric('fastpay_settler_balance_units')).toBe(0);
  expect(await stageOf(certificate)).toBe('QUEUED_ONCHAIN');
  await net.fundSettlers(10_000_000n);
  await reaches(certificate, 'FINALIZED');
});

it('submits nothing when told so', async () => {
  await net.fundSettlers(10_000_000n);
  await start('--settlement.submit', 'false');
  const [certificate] = await pay(1);
  const { height } = (await chain.head()).latest;
  await expect.poll(async () => (await chain.head()).latest.height - height, { timeout: 30_000 }).toBeGreaterThan(15n);
  expect(await stageOf(certificate)).toBe('QUEUED_ONCHAIN');
});
