import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CommitCertificate, PATH_USD } from '@fastpay/protocol';
import { certificateToProto } from '@fastpay/rpc';
import { createTempoChain } from '@fastpay/tempo';
import { startTempoNode } from '@fastpay/tempo/node';
import { payerAddress, payments } from './support/certificates.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { freePort, freePorts } from './support/free-port.ts';
import { settlementsOnChain } from './support/settlements-on-chain.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork } from './support/test-network.ts';

/**
 * `npm run bench:settle -- [payments] [seconds between blocks] [payers]`: payments are made while the Tempo node is away;
 * how long until all of them are settled and final once it is back? Then, how much processor time does watching cost
 * while nothing happens? The bound (2,000 within 60 s at 0.5 s blocks) fails the run.
 */

const [wanted = '2000', blockTime = '0.5', payersWanted = '20'] = process.argv.slice(2);
const COUNT = Number(wanted);
const blockTimeSeconds = Number(blockTime);
const PAYERS = Number(payersWanted);
const BOUND_SECONDS = 60;
const IDLE_SECONDS = 60;
const names = ['Dave', 'Edgar', 'Frank', 'Grace'];

const say = (line: string) => process.stdout.write(`${line}\n`);
const secondsSince = (started: number) => ((performance.now() - started) / 1_000).toFixed(1);

const directory = mkdtempSync(join(tmpdir(), 'fastpay-bench-settle-'));
const nodeOptions = { port: await freePort(), stateFile: join(directory, 'chain') };
const net = await createTestNetwork({ names, blockTimeSeconds, node: nodeOptions });
const running: SidecarProcess[] = [];
let node = net.node;
try {
  const seeds = Array.from({ length: PAYERS }, (_, index) => 30 + index);
  const each = Math.ceil(COUNT / PAYERS);
  await net.fundSettlers(100_000_000n);
  for (const seed of seeds) await net.deposit(payerAddress(seed), 1_000_000_000n);

  const ports = await freePorts(names.length);
  const peers = names.map((name, index) => `${name}=http://127.0.0.1:${ports[index]}`).join(',');
  for (const [index, name] of names.entries()) {
    const flags = ['--listen.port', String(ports[index]), '--peers', peers, '--chain.pollIntervalMs', '250'];
    running.push(await startSidecarProcess(net.configFile(name), { flags }));
  }
  const urls = running.map(({ url }) => url);
  const total = async (name: string) =>
    (await Promise.all(urls.map((url) => metricOf(url, name)))).reduce((sum, value) => sum + value, 0);
  await until(async () => (await Promise.all(urls.map((url) => metricOf(url, 'fastpay_ready')))).every(Boolean));

  const certificates: CommitCertificate[][] = [];
  for (const payerSeed of seeds) {
    // Everybody pays the next, the last one somebody who pays nobody.
    const recipient = payerAddress(payerSeed + 1);
    const own: CommitCertificate[] = [];
    for await (const { commitCertificate } of payments(net, { payerSeed, recipient, count: each })) {
      own.push(commitCertificate);
    }
    certificates.push(own);
  }
  await node.stop();
  say(`The node is away; ${PAYERS * each} payments of ${PAYERS} payers are handed to ${names.length} validators`);
  await Promise.all(urls.map((url) => deliverAll(url, certificates)));

  const started = performance.now();
  node = await startTempoNode({ ...nodeOptions, blockTimeSeconds });
  const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: net.network.domain.reserve });
  say(`The node is back after ${secondsSince(started)} s`);
  const back = performance.now();
  await until(async () => {
    const accounts = await Promise.all(
      seeds.map((seed) => chain.accountOnChain({ owner: payerAddress(seed), asset: PATH_USD })),
    );
    return accounts.every(({ nextSequence }) => nextSequence === BigInt(each));
  });
  const seconds = Number(secondsSince(back));
  say(`All are settled on chain ${seconds} s after its return, blocks every ${blockTimeSeconds} s`);
  await until(async () => (await total('fastpay_settlements_total{stage="FINALIZED"}')) === PAYERS * each * 4);
  say(`All validators call all of them final ${secondsSince(back)} s after its return`);
  for (const [what, name] of [
    ['batches, attested', 'fastpay_settler_batches_total{form="attested"}'],
    ['batches, by their commits', 'fastpay_settler_batches_total{form="committed"}'],
    ['entries passed over beforehand', 'fastpay_settler_passed_over_total'],
    ['base units paid for gas', 'fastpay_settler_spent_units_total'],
    ['base units of fees earned', 'fastpay_settler_earned_units_total'],
  ] as const) {
    say(`  ${String(await total(name)).padStart(10)} ${what}`);
  }

  const settlements = await settlementsOnChain({ ...net, node });
  const useless = settlements.filter(({ outcomes }) => !outcomes.includes('SETTLED'));
  const gas = (some: typeof settlements) => some.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
  const reasons = [...new Set(settlements.flatMap(({ outcomes }) => outcomes))].join(', ');
  say(`On chain ${settlements.length} transactions of settlers, ${gas(settlements)} gas; entries were ${reasons}`);
  say(`  of these ${useless.length} settled nothing, ${gas(useless)} gas`);

  const before = await total('process_cpu_seconds_total');
  await pause(IDLE_SECONDS * 1_000);
  const idle = ((await total('process_cpu_seconds_total')) - before) / IDLE_SECONDS / names.length;
  say(`Idle, each validator uses ${(idle * 100).toFixed(2)} % of a core, metrics and peers included`);
  if (seconds > BOUND_SECONDS) {
    say(`That is above the bound of ${BOUND_SECONDS} s`);
    process.exitCode = 1;
  }
} finally {
  await Promise.all(running.map((sidecar) => sidecar.stop()));
  await node.stop();
  await net.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function deliverAll(url: string, accounts: readonly (readonly CommitCertificate[])[]): Promise<void> {
  for (const own of accounts) await deliver(url, own);
}

/** In slot order, some at once. */
async function deliver(url: string, certificates: readonly CommitCertificate[]): Promise<void> {
  const client = createConnectClient(url);
  for (let at = 0; at < certificates.length; at += 16) {
    const group = certificates.slice(at, at + 16);
    await Promise.all(
      group.map((certificate) =>
        client.submitCommitCertificate({ commitCertificate: certificateToProto(certificate) }),
      ),
    );
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(100);
}
