import './support/patience.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, type CommitCertificate, PATH_USD, toAddress, ZERO_HASH } from '@fastpay/protocol';
import { certificateToProto, paymentFromProto } from '@fastpay/rpc';
import { createJsonRpc, createTempoChain } from '@fastpay/tempo';
import { startTempoNode, type TempoNode } from '@fastpay/tempo/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { payerAddress, payments } from './support/certificates.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { freePort } from './support/free-port.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

/** Settling through a node that goes, comes back, gets slow or dear. */

const PAYER_SEED = 22;
const recipient = toAddress(`0x${'b0'.repeat(20)}`);
let directory: string;
let net: TestNetwork;
let node: TempoNode;
let sidecar: SidecarProcess;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-trouble-'));
  net = await createTestNetwork({ names: ['Dave'], node: await nodeOptions() });
  node = net.node;
  await net.fundSettlers(50_000_000n);
  await net.deposit(payerAddress(PAYER_SEED), 1_000_000n);
  sidecar = await startSidecarProcess(net.configFile('Dave'));
});
afterEach(async () => {
  await sidecar.stop();
  await node.stop();
  await net.stop();
  rmSync(directory, { recursive: true });
});

let port: number | undefined;
async function nodeOptions() {
  port ??= await freePort();
  return { port, stateFile: join(directory, 'chain') };
}
async function restartNode(blockTimeSeconds = 0.2): Promise<void> {
  await node.stop();
  node = await startTempoNode({ ...(await nodeOptions()), blockTimeSeconds });
}

const rpc = (method: string, ...params: unknown[]) => createJsonRpc({ url: node.rpcUrl }).request(method, params);
const metric = (name: string) => metricOf(sidecar.url, name);

async function pay(count: number): Promise<readonly CommitCertificate[]> {
  const client = createConnectClient(sidecar.url);
  const certificates: CommitCertificate[] = [];
  for await (const { commitCertificate } of payments(net, { payerSeed: PAYER_SEED, recipient, count })) {
    certificates.push(commitCertificate);
    await client.submitCommitCertificate({ commitCertificate: certificateToProto(commitCertificate) });
  }
  return certificates;
}

async function stageOf(certificate: CommitCertificate | undefined) {
  const transactionHash = bytesOf(certificate?.value ?? ZERO_HASH);
  const { payment } = await createConnectClient(sidecar.url).getPayment({ transactionHash });
  return payment && paymentFromProto(payment).stage;
}
const isFinal = (certificate: CommitCertificate | undefined) =>
  expect.poll(() => stageOf(certificate), { timeout: 60_000, interval: 50 }).toBe('FINALIZED');

it('sends again what was lost with the node, which comes back with its state', async () => {
  await rpc('evm_setIntervalMining', 3_600);
  const [certificate] = await pay(1);
  await expect.poll(() => metric('fastpay_settler_in_flight'), { timeout: 30_000 }).toBe(1);
  // What waits in the pool goes with the process.
  await restartNode();
  await isFinal(certificate);
  expect(await metric('fastpay_settler_batches_total')).toBe(2);
  // What became of a batch is counted at the settler's next look.
  await expect.poll(() => metric('fastpay_settler_results_total'), { timeout: 30_000 }).toBe(2);
});

it('settles what was paid while the node was away', async () => {
  await node.stop();
  const certificates = await pay(20);
  expect(await stageOf(certificates[0])).toBe('QUEUED_ONCHAIN');
  await restartNode();
  for (const certificate of certificates) await isFinal(certificate);
  const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: net.network.domain.reserve });
  expect(await chain.accountOnChain({ owner: payerAddress(PAYER_SEED), asset: PATH_USD })).toMatchObject({
    nextSequence: 20n,
    balance: 1_000_000n - 20n * 2_001n,
  });
});

it('goes on with a block every five seconds', async () => {
  await restartNode(5);
  const [certificate] = await pay(1);
  await isFinal(certificate);
});

it('waits while gas is dearer than payments pay, and settles when it is not', async () => {
  const { record } = sidecar;
  // A price that stays: every block asks for it again.
  await rpc('anvil_setNextBlockBaseFeePerGas', `0x${(400_000_000_000n).toString(16)}`);
  await rpc('evm_setIntervalMining', 3_600);
  await rpc('evm_mine');
  const [certificate] = await pay(1);
  await record(({ msg }) => msg === 'gas costs more than payments pay; waiting for a while');
  expect(await stageOf(certificate)).toBe('QUEUED_ONCHAIN');
  await rpc('anvil_setNextBlockBaseFeePerGas', '0x3b9aca00');
  await rpc('evm_mine');
  await record(({ msg }) => msg === 'gas is worth its price again');
  await rpc('evm_setIntervalMining', 1);
  await isFinal(certificate);
});
