import './support/patience.ts';
import { createServer, type Server, type Socket } from 'node:net';
import { type CommitCertificate, PATH_USD, toAddress } from '@fastpay/protocol';
import { certificateToProto } from '@fastpay/rpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statementOf } from './support/balance.ts';
import { payerAddress, payments } from './support/certificates.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { createGrpcClient } from './support/grpc.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const recipient = toAddress(`0x${'b0'.repeat(20)}`);
const PAYERS = [11, 12, 13, 14];
const EACH = 500;

let net: TestNetwork;
let silent: Server;
const sockets = new Set<Socket>();
const running = new Map<string, SidecarProcess>();
const certificates: CommitCertificate[] = [];

async function start(name: string, peers: readonly string[] = []): Promise<SidecarProcess> {
  const flags = peers.length === 0 ? [] : ['--peers', peers.join(',')];
  const sidecar = await startSidecarProcess(net.configFile(name), { flags });
  running.set(name, sidecar);
  return sidecar;
}

async function stop(name: string): Promise<void> {
  await running.get(name)?.stop();
  running.delete(name);
}

function entry(name: string): string {
  return `${name}=${running.get(name)?.url}`;
}

/** Hands over certificates in order, some at a time. */
async function deliver(url: string, all: readonly CommitCertificate[]): Promise<void> {
  const client = createConnectClient(url);
  for (let at = 0; at < all.length; at += 32) {
    const group = all.slice(at, at + 32);
    await Promise.all(
      group.map((each) => client.submitCommitCertificate({ commitCertificate: certificateToProto(each) })),
    );
  }
}

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave', 'Edgar', 'Frank', 'Grace'] });
  // Takes every connection and never answers.
  silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  for (const payerSeed of PAYERS) {
    for await (const { commitCertificate } of payments(net, { payerSeed, recipient, count: EACH })) {
      certificates.push(commitCertificate);
    }
  }
  await Promise.all(['Dave', 'Frank'].map(async (name) => deliver((await start(name)).url, certificates)));
});
afterAll(async () => {
  await Promise.all([...running.keys()].map(stop));
  for (const socket of sockets) socket.destroy();
  silent?.close();
  await net?.stop();
});

it('votes on nothing that it does not know, catches up with thousands of payments, and serves meanwhile', async () => {
  const alone = await start('Edgar');
  const before = await createGrpcClient(alone.url);
  expect(await statementOf(before, payerAddress(11), PATH_USD)).toMatchObject({ next: '0' });
  before.close();
  await stop('Edgar');

  const { port } = silent.address() as { port: number };
  const edgar = await start('Edgar', [entry('Dave'), entry('Frank'), `Grace=http://127.0.0.1:${port}`]);
  const startedMs = performance.now();
  const startedCpuSeconds = await metricOf(edgar.url, 'process_cpu_seconds_total');
  const client = await createGrpcClient(edgar.url);
  const meanwhile = await client.call('GetValidatorInfo', {});
  expect(meanwhile).toMatchObject({ name: 'Edgar', observing: false });
  await edgar.record(({ msg }) => msg === 'caught up with the other validators');
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpuSeconds = (await metricOf(edgar.url, 'process_cpu_seconds_total')) - startedCpuSeconds;
  const figure = `${certificates.length} payments in ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU`;
  process.stdout.write(`caught up with ${figure}\n`);

  for (const payerSeed of PAYERS) {
    const statement = await statementOf(client, payerAddress(payerSeed), PATH_USD);
    expect(statement).toMatchObject({ next: String(EACH), balance: String(-EACH * 2_001) });
  }
  expect(await metricOf(edgar.url, 'fastpay_pulled_certificates_total')).toBe(certificates.length);
  client.close();
});

it('goes on where it stopped, after it was killed', async () => {
  const edgar = running.get('Edgar');
  edgar?.signal('SIGKILL');
  await edgar?.exited;
  const more: CommitCertificate[] = [];
  for await (const { commitCertificate } of payments(net, { payerSeed: 21, recipient, count: 10 })) {
    more.push(commitCertificate);
  }
  await deliver(running.get('Dave')?.url ?? '', more);
  const back = await start('Edgar', [entry('Dave'), entry('Frank')]);
  await back.record(({ msg }) => msg === 'caught up with the other validators');
  const client = await createGrpcClient(back.url);
  expect(await statementOf(client, payerAddress(21), PATH_USD)).toMatchObject({ next: '10' });
  client.close();
  expect(await metricOf(back.url, 'fastpay_pulled_certificates_total')).toBe(more.length);
});

it('hears from a peer of what was handed to that one alone, within seconds', async () => {
  for await (const { commitCertificate } of payments(net, { payerSeed: 31, recipient, count: 1 })) {
    await deliver(running.get('Frank')?.url ?? '', [commitCertificate]);
  }
  const client = await createGrpcClient(running.get('Edgar')?.url ?? '');
  for (;;) {
    const { next } = await statementOf(client, payerAddress(31), PATH_USD);
    if (next === '1') break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  client.close();
});
