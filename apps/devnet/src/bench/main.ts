import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createRelayTransport } from '@fastpay/client';
import { DevnetError, messageOf } from '../error.ts';
import { measureMemory, memoryTable } from '../memory/measure.ts';
import { measureCryptoCeiling } from './crypto-ceiling.ts';
import { type OwnDevnet, startOwnDevnet } from './own-devnet.ts';
import { payOnce } from './pay.ts';
import { assetOf, createFundedPayers, createPayer, type Payer } from './payers.ts';
import { latencyRow, percentile } from './statistics.ts';

/** `npm run bench`: measures a devnet of its own through the relay, with the real client; writes nothing. */

const CONCURRENCIES = [1, 4, 16, 32] as const;
const PAYMENTS_PER_CONCURRENCY = 240;
const CHAINS = 40;
const WARM_UP = 20;
const CRYPTO_PAYMENTS = 300;
const AMOUNT = 1_000n;

const { values } = parseArgs({ options: { payments: { type: 'string', default: '300' } } });
const sequentialPayments = Number(values.payments);
if (!Number.isSafeInteger(sequentialPayments) || sequentialPayments < 1 || sequentialPayments > 100_000) {
  console.error('--payments is a whole number from 1 to 100000');
  process.exit(2);
}

const say = (text: string) => console.log(text);

async function measureRoundTrips(devnet: OwnDevnet, count: number): Promise<readonly number[]> {
  const transport = createRelayTransport({ baseUrl: devnet.runtime.relayUrl });
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await transport.chainHead();
    samples.push(performance.now() - started);
  }
  return samples.slice(WARM_UP);
}

async function measureSequential(devnet: OwnDevnet, payer: Payer, to: Payer) {
  const asset = assetOf(devnet);
  const submit: number[] = [];
  const whole: number[] = [];
  for (let index = 0; index < WARM_UP + sequentialPayments; index++) {
    const paid = await payOnce(payer, { to: to.address, asset, amount: AMOUNT });
    if (index < WARM_UP) continue;
    submit.push(paid.submitMs);
    whole.push(paid.wholeMs);
  }
  return { submit, whole };
}

async function measureThroughput(devnet: OwnDevnet, payers: readonly Payer[], to: Payer) {
  const asset = assetOf(devnet);
  const each = Math.ceil(PAYMENTS_PER_CONCURRENCY / payers.length);
  const samples: number[] = [];
  const started = performance.now();
  await Promise.all(
    payers.map(async (payer) => {
      for (let index = 0; index < each; index++) {
        samples.push((await payOnce(payer, { to: to.address, asset, amount: AMOUNT })).submitMs);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  return { perSecond: samples.length / seconds, samples };
}

/** Alice pays Bob, who is new and has nothing else, and Bob pays Carol with it at once. */
async function measureChain(devnet: OwnDevnet, alice: Payer): Promise<readonly number[]> {
  const asset = assetOf(devnet);
  const samples: number[] = [];
  for (let index = 0; index < CHAINS; index++) {
    const [bob, carol] = [createPayer(devnet), createPayer(devnet)];
    const started = performance.now();
    const first = await payOnce(alice, { to: bob.address, asset, amount: 1_000_000n });
    await bob.client.receive(first.certificate);
    const second = await payOnce(bob, { to: carol.address, asset, amount: 500_000n });
    if (!(await carol.client.receive(second.certificate))) throw new DevnetError('Carol did not take the certificate');
    samples.push(performance.now() - started);
  }
  return samples;
}

async function run(devnet: OwnDevnet): Promise<void> {
  const payers = await createFundedPayers(devnet, Math.max(...CONCURRENCIES));
  const [first, second] = payers;
  if (!first || !second) throw new DevnetError('no payers');

  const roundTrips = await measureRoundTrips(devnet, WARM_UP + sequentialPayments);
  const { submit, whole } = await measureSequential(devnet, first, second);
  const chains = await measureChain(devnet, first);
  say(`\n  ${'milliseconds'.padEnd(46)}${['median', 'p95', 'p99'].map((name) => name.padStart(8)).join('')}`);
  say(latencyRow('empty Connect call to the relay', roundTrips));
  say(latencyRow('submit → verified commit certificate', submit));
  say(latencyRow('pay() → the same, with reading and signing', whole));
  say(latencyRow('Alice → Bob → Carol, verified by Carol', chains));
  const ratio = percentile(submit, 0.5) / percentile(roundTrips, 0.5);
  say(`  a payment takes ${ratio.toFixed(1)} empty calls (it makes 3 in a row: relay, vote, commit)`);

  const cryptoMs = await measureCryptoCeiling(devnet.network, CRYPTO_PAYMENTS);
  const cores = availableParallelism();
  const ceiling = (1_000 / cryptoMs) * cores;
  say(
    `\n  signatures alone: ${cryptoMs.toFixed(2)} ms of one core a payment; ${ceiling.toFixed(0)}/s on ${cores} cores at most`,
  );
  say(
    `\n  ${'payers at once'.padEnd(18)}${'payments/s'.padStart(12)}${'of ceiling'.padStart(12)}${'median ms'.padStart(12)}${'p95 ms'.padStart(10)}`,
  );
  for (const concurrency of CONCURRENCIES) {
    const { perSecond, samples } = await measureThroughput(devnet, payers.slice(0, concurrency), createPayer(devnet));
    const share = `${((100 * perSecond) / ceiling).toFixed(1)} %`;
    const figures = [
      percentile(samples, 0.5).toFixed(1).padStart(12),
      percentile(samples, 0.95).toFixed(1).padStart(10),
    ];
    say(
      `  ${String(concurrency).padEnd(18)}${perSecond.toFixed(0).padStart(12)}${share.padStart(12)}${figures.join('')}`,
    );
  }

  say('\n  resident memory after all of this');
  say(memoryTable(measureMemory(devnet.runtime.processes)));
}

say(
  `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}; load generator on the same machine`,
);
let devnet: OwnDevnet | undefined;
try {
  devnet = await startOwnDevnet();
  await run(devnet);
} catch (error) {
  console.error(error instanceof DevnetError ? messageOf(error) : error);
  process.exitCode = 1;
} finally {
  await devnet?.stop();
}
