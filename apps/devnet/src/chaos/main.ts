import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCleanup, Interrupted } from '../cleanup.ts';
import { DevnetError, messageOf } from '../error.ts';
import { createProgress } from '../screen/progress.ts';
import { stateLayout } from '../state/layout.ts';
import { watchForEnd } from '../watch-for-end.ts';
import { type ChaosOptions, helpText, parseOptions } from './options.ts';
import { report } from './report.ts';
import { type Outcome, runChaos } from './run.ts';

/** `npm run chaos`: see options.ts for the flags and exit codes. */

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

function readOptions(): ChaosOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2), () => randomBytes(4).toString('hex'));
  } catch (error) {
    console.error(messageOf(error));
    process.exit(2);
  }
}

/** Processes of the run that are still there although everything was stopped. */
function survivors({ processIds }: Outcome): readonly number[] {
  return [...processIds].filter((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      // Gone, as it should be.
      return false;
    }
  });
}

/** Whether every promise was kept. */
async function run(options: ChaosOptions, directory: string): Promise<boolean> {
  const cleanup = createCleanup((error) => {
    process.exitCode = 1;
    console.error(messageOf(error));
  });
  const end = watchForEnd({ stopWithInput: false });
  void end.then(() => cleanup.run());
  let outcome: Outcome | undefined;
  try {
    const running = runChaos({ ...options, directory, repositoryRoot }, { progress: createProgress(), cleanup });
    running.catch(() => undefined);
    outcome = await Promise.race([
      running,
      end.then((): never => {
        throw new Interrupted('stopped before the end');
      }),
    ]);
  } catch (error) {
    console.error(error instanceof DevnetError || error instanceof Interrupted ? messageOf(error) : error);
  }
  await cleanup.run();
  if (!outcome) return false;
  const left = survivors(outcome).map((pid) => `process ${pid} is still there`);
  const violations = [...outcome.violations, ...left];
  console.log(report({ ...outcome, violations }, options));
  const isIdle = outcome.injected.size === 0 || outcome.certificates === 0;
  if (isIdle) console.error('✗ Nothing was paid or nothing was broken: this run shows nothing.');
  return violations.length === 0 && !isIdle;
}

const options = readOptions();
if (options === undefined) console.log(helpText);
else {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-chaos-'));
  console.log(`Seed ${options.seed}, ${options.seconds} s of faults, state in ${directory}`);
  const isFine = await run(options, directory);
  if (isFine && process.exitCode === undefined) rmSync(directory, { recursive: true });
  else {
    process.exitCode = 1;
    console.error(
      [
        '',
        `The state is kept in ${directory}: logs in ${stateLayout(directory).logs}.`,
        `Start what is left of it: npm start -- --state-dir ${directory} --port-base 0`,
        `The same faults again, as far as time allows: npm run chaos -- --seconds ${options.seconds} --seed ${options.seed}`,
      ].join('\n'),
    );
  }
  process.exit();
}
