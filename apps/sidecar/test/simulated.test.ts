import './support/patience.ts';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH_USD, toAddress, toHex } from '@fastpay/protocol';
import { type PaymentView, paymentFromProto } from '@fastpay/rpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { pay } from './support/certify.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { createGrpcClient, type GrpcClient } from './support/grpc.ts';
import { createPayer } from './support/payer.ts';
import { runToEnd, type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createSimulatedNetwork, type SimulatedNetwork, simulatedDomain } from './support/simulated-network.ts';

/** A committee without any node: four processes, each on a chain inside itself. */

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
const payer = createPayer(simulatedDomain, PATH_USD, `0x${'b0'.repeat(20)}`);
let net: SimulatedNetwork;
let sidecars: readonly SidecarProcess[] = [];
let clients: readonly GrpcClient[] = [];

async function startAll(): Promise<void> {
  sidecars = await Promise.all(names.map((name) => startSidecarProcess(net.configFile(name))));
  clients = await Promise.all(sidecars.map(({ url }) => createGrpcClient(url)));
}

async function stopAll(): Promise<void> {
  for (const client of clients) client.close();
  await Promise.all(sidecars.map((sidecar) => sidecar.stop()));
}

beforeAll(async () => {
  net = await createSimulatedNetwork({
    names,
    deposits: [
      { account: toAddress(payer.address), amount: 100_000_000n },
      { account: toAddress(`0x${'c0'.repeat(20)}`), amount: 1n },
    ],
  });
  await startAll();
});
afterAll(async () => {
  await stopAll();
  net?.stop();
});

/** The payments of slots `from` to `to`, by every validator: final, with where they were settled. */
async function finalized(hashes: readonly Buffer[]): Promise<readonly PaymentView[]> {
  const found: PaymentView[] = [];
  for (const { url } of sidecars) {
    for (const transactionHash of hashes) {
      const paymentOf = async () => {
        const { payment } = await createConnectClient(url).getPayment({ transactionHash });
        return payment && paymentFromProto(payment);
      };
      await expect.poll(async () => (await paymentOf())?.stage, { timeout: 60_000, interval: 50 }).toBe('FINALIZED');
      const payment = await paymentOf();
      if (payment) found.push(payment);
    }
  }
  return found;
}

async function payAll(sequences: readonly bigint[]): Promise<readonly Buffer[]> {
  const hashes: Buffer[] = [];
  for (const sequence of sequences) {
    const { ballot } = await pay(clients, await payer.submission({ sequence, amount: 1_000n }));
    hashes.push((ballot as { value: Buffer }).value);
  }
  return hashes;
}

it('votes on the money of the deposits file, and says everywhere that nothing is real', async () => {
  await Promise.all(clients.map((client) => waitForBalance(client, payer.address, PATH_USD, 100_000_000n)));
  const firstBlocks = sidecars.map(async (sidecar) => {
    const record = await sidecar.record(({ msg }) => String(msg).startsWith('SIMULATED CHAIN'));
    await sidecar.record(({ msg }) => msg === 'able to vote');
    const ready = await fetch(`${sidecar.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, chain: { simulated: true } }]);
    const client = createConnectClient(sidecar.url);
    const { version } = await client.getValidatorInfo({});
    expect(version).toMatch(/^\d+\.\d+\.\d+\+simulated-chain$/);
    const { chainHead } = await client.getChainHead({});
    const { height = 0n, hash = new Uint8Array() } = chainHead?.finalized ?? {};
    expect(height).toBeGreaterThan(1n);
    const text = Buffer.from(hash);
    expect(text.toString('latin1')).toContain('SIMULATED');
    // What is left of the hash, without the number of the block, is that of the chain.
    return [record.digest, text.toString('hex', 0, 22)];
  });
  expect(new Set((await Promise.all(firstBlocks)).map(String)).size).toBe(1);
});

it('finalizes payments on every validator, and still after all of them were stopped or killed', async () => {
  const hashes = await payAll([0n, 1n, 2n, 3n]);
  const before = await finalized(hashes);
  expect(before.length).toBe(16);
  // A relay passes on where a payment was settled when two of four say the same.
  for (const hash of hashes) {
    const places = before
      .filter(({ transactionHash }) => transactionHash === toHex(hash))
      .map(({ settlement }) => `${settlement?.block.hash} ${settlement?.transactionHash}`);
    expect(places.length - new Set(places).size).toBeGreaterThan(0);
  }

  for (const sidecar of sidecars.slice(0, 2)) sidecar.signal('SIGKILL');
  await stopAll();
  await startAll();
  expect(await finalized(hashes)).toEqual(before);
  for (const { url } of sidecars) {
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
    expect(await metricOf(url, 'fastpay_chain_foreign')).toBe(0);
    expect(await metricOf(url, 'fastpay_safety_alarms')).toBe(0);
    expect(await metricOf(url, 'fastpay_chain_errors_total')).toBe(0);
  }
  // The reserve of each goes on behind the slots that it has used up.
  expect((await finalized(await payAll([4n, 5n]))).length).toBe(8);
  for (const { url } of sidecars) expect(await metricOf(url, 'fastpay_settler_passed_over_total')).toBe(0);
});

it('refuses a lost journal, another deposits file, and a manifest of real networks', async () => {
  await stopAll();
  const config = net.configFile('Dave');
  const refused = async (...flags: string[]) => {
    const { code, stderr } = await runToEnd(['--config', config, ...flags]);
    expect(code).toBe(64);
    return stderr;
  };
  const read = (file: string) => JSON.parse(readFileSync(join(net.directory, file), 'utf8'));
  const write = (file: string, content: unknown) => {
    writeFileSync(join(net.directory, file), JSON.stringify(content));
    return join(net.directory, file);
  };

  const deposits = read('deposits.json');
  const fewer = write('fewer.json', { ...deposits, deposits: deposits.deposits.slice(1) });
  expect(await refused('--chain.simulated.depositsFile', fewer)).toContain('is of another simulated chain');
  expect(await refused('--chain.mode', 'tempo')).toContain('chain.rpcUrl: missing');

  const manifest = read('network.json');
  const domain = { ...manifest.domain, chainId: '42431' };
  const testnet = write('testnet.json', { ...manifest, kind: 'testnet', domain });
  const fresh = ['--dataDirectory', join(net.directory, 'fresh.store'), '--markerFile', join(net.directory, 'fresh')];
  expect(await refused('--networkFile', testnet, ...fresh)).toContain('refused for a manifest of kind testnet');

  rmSync(join(net.directory, 'Dave.store', 'simulated-chain.journal'));
  expect(await refused()).toContain('is missing, but the store has seen a chain');
});
