import { parseArgs } from 'node:util';
import { freshSeed, wholeNumber } from '../cli/arguments.ts';
import { planOf } from '../cli/batch.ts';
import { runPlan } from '../run/run-plan.ts';
import { liveHeapBytes } from './live-heap.ts';
import { type HeapSample, trendOf } from './trend.ts';

/** `npm run simulate:memory`: does anything stay behind when a run is over? One process, one run after another. */

/** Samples of the heap over the whole. */
const SAMPLES = 50;
/**
 * What the second half may grow by, for each step. What V8 learns of types settles ever more slowly and comes to a
 * fifth of that; one listener kept for each run came to sixteen times as much.
 */
const MOST_BYTES_PER_STEP = 0.5;
/** Fewer say nothing: their second half is still about the first look at most of the code. */
const LEAST_STEPS = 500_000;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
  },
});
const target = wholeNumber(values.steps, 'steps');
if (target < LEAST_STEPS)
  throw new Error(`--steps is at least ${LEAST_STEPS}: before that V8 still compiles and learns`);
const first = wholeNumber(values.seed ?? freshSeed(), 'seed');
const print = (text: string) => void process.stdout.write(`${text}\n`);
const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(2)} MB`;

// As in the workers.
Error.stackTraceLimit = 0;

function fail(why: string): void {
  print(why);
  process.exitCode = 1;
}

const samples: HeapSample[] = [];
let steps = 0;
let seed = first;
print(`seeds from ${first}; objects on the heap after a full collection, without compiled code`);
while (samples.length < SAMPLES) {
  const run = await runPlan(planOf(seed, { crypto: 'mixed', size: 'mixed' }));
  steps += run.steps;
  for (const { invariant, what } of run.violations) fail(`seed ${seed}: ${invariant} ${what}`);
  seed++;
  if (steps < (target * (samples.length + 1)) / SAMPLES) continue;
  samples.push({ steps, bytes: await liveHeapBytes() });
  if (samples.length % (SAMPLES / 10) > 0) continue;
  const tenth = samples.slice(-SAMPLES / 10).map(({ bytes }) => bytes);
  print(`${steps.toLocaleString('en').padStart(10)} steps  ${megabytes(Math.min(...tenth))} at least`);
}

const { bytesPerStep, growthBytes, scatterBytes } = trendOf(samples.slice(SAMPLES / 2));
print(
  `${seed - first} seeds; in the second half ${bytesPerStep.toFixed(2)} bytes a step, ${megabytes(growthBytes)} in all, scattered by ${megabytes(scatterBytes)} at most`,
);
if (bytesPerStep > MOST_BYTES_PER_STEP) fail(`it grows by more than ${MOST_BYTES_PER_STEP} bytes a step`);
