import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BatchResult } from '../cli/batch.ts';
import { batchesOf, runPool } from '../cli/pool.ts';
import { assertFits, type Mutation } from './mutation.ts';
import { mutations } from './mutations.ts';

/** `npm run test:mutations`: does the simulator notice every broken validator, and none that is whole? */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    /** Only those whose name holds this text. */
    only: { type: 'string', default: '' },
  },
});
const first = Number(values.seed);
const seeds = Number(values.seeds);
const threads = Number(values.threads);
const print = (text: string) => void process.stdout.write(`${text}\n`);

interface Verdict {
  readonly seeds: number;
  readonly failure: BatchResult['failures'][number] | undefined;
}

/** Runs seeds in order until one fails. */
async function runUntilFailure(preload: Mutation | undefined, count: number, runThreads: number): Promise<Verdict> {
  let failure: BatchResult['failures'][number] | undefined;
  let ran = 0;
  await runPool({
    threads: runThreads,
    batches: batchesOf(first, count, { crypto: 'simulated', size: 'mixed', stopsAtFailure: true }),
    ...(preload && { preload: { url: new URL('./load-mutated.ts', import.meta.url).href, data: preload } }),
    onResult(result) {
      ran += result.seeds;
      failure ??= result.failures[0];
      return failure !== undefined;
    },
  });
  return { seeds: ran, failure };
}

const chosen = mutations.filter(({ name }) => name.includes(values.only));
for (const mutation of chosen) assertFits(mutation);
print(`${chosen.length} mutations, each within ${seeds} seeds from ${first}\n`);
print(`${'a validator that …'.padEnd(56)}${'seeds'.padStart(6)}  noticed as`);

const queue = [...chosen];
const missed: string[] = [];
let most = 0;
await Promise.all(
  Array.from({ length: threads }, async () => {
    for (let mutation = queue.shift(); mutation; mutation = queue.shift()) {
      const { seeds: ran, failure } = await runUntilFailure(mutation, seeds, 1);
      most = Math.max(most, ran);
      if (!failure) missed.push(mutation.name);
      const verdict = failure ? `${failure.violation.invariant} (seed ${failure.seed})` : 'NOT NOTICED';
      print(`${mutation.name.padEnd(56)}${`${ran}`.padStart(6)}  ${verdict}`);
    }
  }),
);

const whole = await runUntilFailure(undefined, most, threads);
const outcome = whole.failure
  ? `${whole.failure.violation.invariant} (seed ${whole.failure.seed}): ${whole.failure.violation.what}`
  : 'nothing, as it should';
print(`${'follows every rule'.padEnd(56)}${`${whole.seeds}`.padStart(6)}  ${outcome}`);
print(`\n${chosen.length - missed.length} of ${chosen.length} noticed`);
if (missed.length > 0 || whole.failure) process.exitCode = 1;
