import './support/patience.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommitCertificate, toAddress } from '@fastpay/protocol';
import { createJsonRpc, createTempoChain } from '@fastpay/tempo';
import { startTempoNode, type TempoNode } from '@fastpay/tempo/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settlerLimits } from '../src/settler/limits.ts';
import { payerAddress, payments } from './support/certificates.ts';
import { freePort } from './support/free-port.ts';
import { expectLedgerOnChain } from './support/ledger-on-chain.ts';
import { countOutcomes, settlementsOnChain } from './support/settlements-on-chain.ts';
import { createSettlingCommittee, type SettlingCommittee } from './support/settling-committee.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

/** Four validators with much to settle, and one node for all of them that is in the way. */

const PAYER_SEEDS = [61, 62, 63, 64];
const EACH = 10;
const recipient = toAddress(`0x${'b0'.repeat(20)}`);
let directory: string;
let net: TestNetwork;
let node: TempoNode;
let committee: SettlingCommittee;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-committee-node-'));
  const options = { port: await freePort(), stateFile: join(directory, 'chain') };
  net = await createTestNetwork({ names: ['Dave', 'Edgar', 'Frank', 'Grace'], node: options });
  node = net.node;
  await net.fundSettlers(50_000_000n);
  for (const seed of PAYER_SEEDS) await net.deposit(payerAddress(seed), 1_000_000n);
  committee = await createSettlingCommittee(net);
  await Promise.all([0, 1, 2, 3].map((signer) => committee.start(signer, '--chain.timeoutMs', '500')));
});
afterEach(async () => {
  await committee.stop();
  await node.stop();
  await net.stop();
  rmSync(directory, { recursive: true });
});

const total = (name: string) => committee.total(name);
const queued = () => total('fastpay_settler_queued');

/** Payments of every payer, handed to all four. */
async function payMuch(): Promise<readonly CommitCertificate[]> {
  const all: CommitCertificate[] = [];
  for (const payerSeed of PAYER_SEEDS) {
    for await (const { commitCertificate } of payments(net, { payerSeed, recipient, count: EACH })) {
      all.push(commitCertificate);
    }
  }
  await committee.submit(all);
  return all;
}

/** No more blocks, from the beginning of somebody's turn on. */
async function stopBlocks(): Promise<void> {
  const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: net.network.domain.reserve });
  const secondOfTurn = async () => Number((await chain.head()).latest.timestamp % settlerLimits.turnSeconds);
  await expect.poll(secondOfTurn, { timeout: 30_000, interval: 50 }).toBeLessThan(3);
  await createJsonRpc({ url: node.rpcUrl }).request('evm_setIntervalMining', [3_600]);
}

async function expectSettledOnce(certificates: readonly CommitCertificate[]): Promise<void> {
  await committee.finalized(certificates);
  expect(countOutcomes(await settlementsOnChain(net)).settled).toBe(certificates.length);
  await expectLedgerOnChain(net, committee, [...PAYER_SEEDS.map(payerAddress), recipient]);
}

it('makes no blocks, then comes back with its state and without what it was sent: everything is settled once', async () => {
  await stopBlocks();
  const certificates = await payMuch();
  const batches = () => total('fastpay_settler_batches_total');
  await expect.poll(batches, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
  await expect.poll(queued, { timeout: 30_000, interval: 50 }).toBe(4 * certificates.length);
  // Chain time stands still, and with it the turn: one of them sent, the others wait.
  const senders = await Promise.all(
    [0, 1, 2, 3].map((signer) => committee.metric(signer, 'fastpay_settler_batches_total')),
  );
  expect(senders.filter((sent) => sent > 0)).toHaveLength(1);
  await node.stop();
  node = await startTempoNode({ port: node.port, stateFile: join(directory, 'chain'), blockTimeSeconds: 0.2 });
  await expectSettledOnce(certificates);
});

it('hangs, and goes on where it was: everything is settled once', async () => {
  const errors = () =>
    Promise.all([0, 1, 2, 3].map((signer) => committee.metric(signer, 'fastpay_chain_errors_total')));
  node.process.kill('SIGSTOP');
  const certificates = await payMuch();
  await expect.poll(async () => (await errors()).every((count) => count > 1), { timeout: 30_000 }).toBe(true);
  await expect.poll(queued, { timeout: 30_000, interval: 50 }).toBe(4 * certificates.length);
  node.process.kill('SIGCONT');
  await expectSettledOnce(certificates);
});
