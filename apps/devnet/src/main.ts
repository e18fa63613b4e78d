import { fileURLToPath } from 'node:url';
import { createCleanup, Interrupted } from './cleanup.ts';
import { type Devnet, startDevnet } from './devnet.ts';
import { DevnetError, messageOf } from './error.ts';
import { type DevnetOptions, helpText, parseOptions } from './options.ts';
import { listenForKeys } from './screen/keys.ts';
import { createProgress } from './screen/progress.ts';
import { committeeLine, summary } from './screen/summary.ts';
import { watchForEnd } from './watch-for-end.ts';

/** `npm start`: see options.ts for the flags. Exit codes: 0 stopped as asked, 1 failed, 2 wrong flags. */

const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));
const progress = createProgress();
const cleanup = createCleanup((error) => console.error(messageOf(error)));

function readOptions(): DevnetOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2), repositoryRoot);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(2);
  }
}

function report(error: unknown): void {
  if (error instanceof Interrupted) return;
  process.exitCode = 1;
  // What we did not foresee is told with its place in the code.
  console.error(error instanceof DevnetError ? `\n${error.message}` : error);
}

async function run(options: DevnetOptions): Promise<void> {
  const end = watchForEnd(options);
  void end.then(() => cleanup.run());
  let devnet: Devnet | undefined;
  try {
    const started = startDevnet(options, {
      repositoryRoot,
      progress,
      cleanup,
      onValidatorCrash: (_, description) => console.error(`\n${description}\nThe devnet goes on without it.`),
      onValidatorChange: () => {
        if (devnet && !cleanup.begun) console.log(committeeLine(devnet.validators.list()));
      },
    });
    // Asked to end while starting: whatever is under way is not waited for. What it started ends with us.
    started.catch(() => undefined);
    devnet = await Promise.race([started, end.then(interrupt)]);
    await attend(devnet, options, end);
  } catch (error) {
    report(error);
  }
  if (devnet) console.log('Stopping …');
  await cleanup.run();
}

function interrupt(): never {
  throw new Interrupted('stopped while starting');
}

/** Until somebody wants it to end, or a part that everything needs has failed. */
async function attend(devnet: Devnet, options: DevnetOptions, end: Promise<void>): Promise<void> {
  const hasKeys = process.stdin.isTTY === true && process.stdout.isTTY === true && !options.stopWithInput;
  console.log(summary(devnet.runtime, { keys: hasKeys }));
  const quit = Promise.withResolvers<void>();
  const release = hasKeys
    ? listenForKeys(process.stdin, { onQuit: quit.resolve, onValidator: (index) => toggleValidator(devnet, index) })
    : () => undefined;
  const failure = await Promise.race([devnet.failed, end, quit.promise]);
  release();
  if (typeof failure === 'string') throw new DevnetError(`${failure}\nThe devnet stops.`);
}

function toggleValidator(devnet: Devnet, index: number): void {
  const validator = devnet.validators.list()[index];
  if (!validator) return;
  const { name, running } = validator;
  (running ? devnet.validators.stop(name) : devnet.validators.start(name)).catch(report);
}

const options = readOptions();
if (options === undefined) console.log(helpText);
else {
  await run(options);
  // Everything is stopped; a terminal or a pipe that is still open shall not keep us.
  process.exit();
}
