import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunResult, run, runTool } from './run.ts';
import { addCounts, noTests, readPlaywrightCounts, readVitestCounts, type TestCounts } from './test-counts.ts';

/** `npm test`: everything that CI runs, cheapest first; stops at the first step that fails. */

interface Step {
  readonly name: string;
  run(): Promise<RunResult>;
  /** Tests that the step really ran, read from the runner's own report. */
  readonly counts?: () => TestCounts;
}

const reports = mkdtempSync(join(tmpdir(), 'fastpay-test-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');
const ifWritten = (path: string, read: (path: string) => TestCounts) => (existsSync(path) ? read(path) : noTests);
const script = (words: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, words, { output: 'pass', env });

const steps: readonly Step[] = [
  { name: 'Types, lint, layers, unused code', run: () => script(['scripts/check.ts']) },
  {
    name: 'Unit and integration tests',
    run: () =>
      runTool(
        'vitest/vitest.mjs',
        ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
        { output: 'pass' },
      ),
    counts: () => ifWritten(vitestReport, readVitestCounts),
  },
  {
    // Others every time: what has passed once shows nothing new. It prints the first of them, and how to repeat one.
    name: 'Protocol simulator, 10,000 seeds',
    run: () => script(['packages/simulator/src/cli/main.ts', '--seeds', '10000']),
  },
  { name: 'Wallet build and size', run: () => run('npm', ['run', '--silent', 'size'], { output: 'pass' }) },
  {
    name: 'Browser tests against a devnet',
    run: () => script(['scripts/e2e.ts'], { FASTPAY_E2E_REPORT: playwrightReport }),
    counts: () => ifWritten(playwrightReport, readPlaywrightCounts),
  },
  {
    name: 'Chaos on a devnet',
    run: () => script(['apps/devnet/src/chaos/main.ts', '--seconds', '60']),
  },
];

const summary: string[] = [];
let total = noTests;
for (const step of steps) {
  console.log(`\n━━ ${step.name} ━━`);
  const result = await step.run();
  const counts = step.counts?.();
  if (counts) total = addCounts(total, counts);
  // A runner that exits 0 without having run anything has not passed.
  const failed = result.exitCode !== 0 || (counts !== undefined && (counts.failed > 0 || counts.passed === 0));
  // A failure that no test stands for (lint, a build, a crash) counts as one, so that the total never reads as green.
  if (failed && (counts?.failed ?? 0) === 0) total = addCounts(total, { passed: 0, failed: 1, skipped: 0 });
  const numbers = counts ? `${counts.passed} passed, ${counts.failed} failed` : '';
  summary.push(`${failed ? '✗' : '✓'} ${step.name.padEnd(36)} ${result.seconds.toFixed(1).padStart(6)} s  ${numbers}`);
  if (failed) {
    process.exitCode = 1;
    break;
  }
}
rmSync(reports, { recursive: true, force: true });

console.log(`\n${summary.join('\n')}`);
const notRun = steps.length - summary.length;
if (notRun > 0) console.log(`${notRun} later ${notRun === 1 ? 'step was' : 'steps were'} not run.`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
