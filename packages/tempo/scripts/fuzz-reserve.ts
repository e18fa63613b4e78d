import { parseArgs } from 'node:util';
import { reserveBytecode } from '../src/gen/reserve.ts';
import { startMinedChain } from '../src/testing/fuzz/mined-chain.fixtures.ts';
import { FuzzFailure, fuzzReserve, neverOccurred } from '../src/testing/fuzz/run.fixtures.ts';
import { createStatistics } from '../src/testing/fuzz/statistics.fixtures.ts';
import { checkMutations } from './fuzz-reserve/check-mutations.ts';

/**
 * `npm run fuzz:reserve -- [--seconds N] [--seed S] [--actions N]`: random actions against the reserve on a Tempo node,
 * held against a model after each (60 s unless given; one reserve after another, each for so many actions, with the
 * seeds S, S + 1, …). A failure prints its seed and what led to it; `--seed` repeats it.
 * `npm run fuzz:reserve -- --mutations`: does such a run notice every broken reserve?
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    actions: { type: 'string', default: '400' },
    mutations: { type: 'boolean', default: false },
    /** Only mutations whose name holds this text. */
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const actions = Number(values.actions);
const first = Number(values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
if (!(seconds > 0) || !(actions > 0) || !Number.isInteger(first) || first < 0 || first > 0xffff_ffff) {
  throw new Error('--seconds and --actions are numbers above 0, --seed is a whole number below 2^32');
}

const chain = await startMinedChain();
try {
  if (values.mutations) await checkMutations({ chain, seed: first, actions, only: values.only });
  else await run();
} finally {
  await chain.stop();
}

async function run(): Promise<void> {
  console.log(`Seeds from ${first}, ${actions} actions with each reserve, for ${seconds} s`);
  const statistics = createStatistics();
  const start = performance.now();
  const took = () => (performance.now() - start) / 1_000;
  let seed = first;
  try {
    do {
      await fuzzReserve({ chain, bytecode: reserveBytecode, seed, statistics, actions });
      seed = (seed + 1) >>> 0;
    } while (took() < seconds);
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    console.log(error.history.map((line, index) => `${index}\t${line}`).join('\n'));
    console.error(error.message, error.cause);
    console.error(`Repeat it with --seed ${error.seed} --actions ${actions}`);
    process.exitCode = 1;
    return;
  }
  for (const [kind, times] of statistics.all()) console.log(`${`${times}`.padStart(8)}  ${kind}`);
  const done = statistics.get('actions');
  console.log(
    `${seed - first} reserves, ${done} actions in ${took().toFixed(1)} s: ${(done / took()).toFixed(1)} a second`,
  );
  const missing = neverOccurred(statistics);
  if (missing.length === 0) return;
  console.error(`Never occurred, so this run proves little: ${missing.join('; ')}`);
  process.exitCode = 1;
}
