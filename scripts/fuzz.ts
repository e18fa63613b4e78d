import { parseArgs } from 'node:util';
import { runTool } from './run.ts';
import { listFiles } from './workspaces.ts';

/**
 * `npm run fuzz -- [--seconds N] [--seed S]`: attacks every decoder for N seconds all in all (60 unless given), from
 * the seed S (one nobody had before unless given). The same attacks run for a moment with the unit tests.
 */

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
if (!(seconds > 0) || !Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
  throw new Error('--seconds is a number above 0, --seed a whole number below 2^32');
}

const suites = listFiles().filter((path) => path.endsWith('.fuzz.test.ts'));
const each = seconds / suites.length;
console.log(`Attacking ${suites.length} groups of decoders for ${each.toFixed(1)} s each, seed ${seed}`);
// The verbose reporter is the one that shows what each group counted.
const options = ['--reporter=verbose', '--maxWorkers=1', `--testTimeout=${Math.ceil(each * 1_000) + 60_000}`];
const result = await runTool('vitest/vitest.mjs', ['run', ...suites, ...options], {
  output: 'pass',
  env: { FUZZ_SECONDS: String(each), FUZZ_SEED: String(seed) },
});
process.exitCode = result.exitCode;
