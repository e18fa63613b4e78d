import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { SIZES, sizeBounds } from '../plan/sizes.ts';
import { runPlan } from '../run/run-plan.ts';
import { shrink } from '../shrink/shrink.ts';
import { cryptoChoice, freshSeed, sizeChoice, wholeNumber } from './arguments.ts';
import { planOf } from './batch.ts';
import { batchesOf, runPool } from './pool.ts';
import { createSummary, describeShrunk } from './report.ts';

/** `npm run simulate`: many seeds on all cores, or one seed again with everything that happened. */

const HELP = `npm run simulate -- [--seeds N] [--seed S] [--size ${SIZES.join('|')}] [--crypto mixed|simulated|real] [--threads T]

  --seeds N     how many runs (1000 unless --seed is given, then 1)
  --seed S      the first seed; drawn from the clock unless given. One seed alone prints its trace
  --size        small: a payment and a fault or two; mixed (default): a few of each; large: many, and long chains
  --crypto      keyed hashes in the place of curves (simulated), the real engine, or one seed in fifty (mixed, default)
  --threads T   threads (as many as there are cores)
  --shrink N    runs spent on shrinking a failure (300)`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    size: { type: 'string', default: 'mixed' },
    crypto: { type: 'string', default: 'mixed' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    shrink: { type: 'string', default: '300' },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string) => void process.stdout.write(`${text}\n`);

const crypto = cryptoChoice(values.crypto);
const size = sizeChoice(values.size);
const first = wholeNumber(values.seed ?? freshSeed(), 'seed');
const count = wholeNumber(values.seeds ?? (values.seed === undefined ? '1000' : '1'), 'seeds');

async function explain(seed: number): Promise<void> {
  const plan = planOf(seed, { crypto, size });
  const failed = await runPlan(plan);
  const shrunk = await shrink(plan, failed, { mostRuns: wholeNumber(values.shrink, 'shrink') });
  for (const line of describeShrunk(shrunk)) print(line);
}

async function replay(seed: number): Promise<void> {
  const result = await runPlan(planOf(seed, { crypto, size }), { keptTraceLines: 100_000 });
  for (const line of result.lines) print(line);
  print(`\nseed ${seed}: ${result.steps} steps, trace ${result.traceHash}`);
  for (const { invariant, what, atMs } of result.violations) print(`${invariant} at ${atMs} ms: ${what}`);
  if (result.violations.length > 0) {
    process.exitCode = 1;
    await explain(seed);
  }
}

async function runMany(): Promise<void> {
  const summary = createSummary();
  const started = performance.now();
  print(`seeds ${first} to ${first + count - 1}`);
  await runPool({
    threads: wholeNumber(values.threads, 'threads'),
    batches: batchesOf(first, count, { crypto, size, stopsAtFailure: false }),
    onResult(result) {
      summary.add(result);
      return summary.failures.length >= 10;
    },
  });
  for (const line of summary.lines((performance.now() - started) / 1_000)) print(line);
  const missing = count >= sizeBounds[size].coverageSeeds && summary.failures.length === 0 ? summary.missing() : [];
  for (const name of missing) print(`\nnever happened: ${name}`);
  print(`\n${summary.failures.length} violations`);
  for (const { seed, violation } of summary.failures) {
    print(`  seed ${seed}: ${violation.invariant} at ${violation.atMs} ms: ${violation.what}`);
  }
  const [failure] = summary.failures;
  if (failure) await explain(failure.seed);
  if (failure)
    print(`\nrun it again: npm run simulate -- --seed ${failure.seed}${size === 'mixed' ? '' : ` --size ${size}`}`);
  if (failure || missing.length > 0) process.exitCode = 1;
}

if (values.help) print(HELP);
else if (count === 1) await replay(first);
else await runMany();
