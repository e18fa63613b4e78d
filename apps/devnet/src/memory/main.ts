import { fileURLToPath } from 'node:url';
import { messageOf } from '../error.ts';
import { parseOptions } from '../options.ts';
import { stateLayout } from '../state/layout.ts';
import { readRuntime } from '../state/runtime.ts';
import { measureMemory, memoryTable } from './measure.ts';

/** `npm run devnet:memory`: what each process of the running devnet holds. */

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
try {
  const options = parseOptions(process.argv.slice(2), repositoryRoot);
  const runtime = options && readRuntime(stateLayout(options.stateDirectory).runtime);
  if (runtime) console.log(memoryTable(measureMemory(runtime.processes)));
  else {
    console.error('No devnet is running here. Start one with npm start, or name its state with --state-dir.');
    process.exitCode = 1;
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
