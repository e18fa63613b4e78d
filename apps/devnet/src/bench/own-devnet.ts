import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeNetwork, type Network } from '@fastpay/protocol';
import { DevnetError } from '../error.ts';
import { memoryFlags } from '../process/child.ts';
import { stateLayout } from '../state/layout.ts';
import { type Runtime, readRuntime } from '../state/runtime.ts';

/** As npm start has it. */
const LAUNCHER_MEMORY = { oldSpaceMb: 256, semiSpaceMb: 2 };

export interface OwnDevnet {
  readonly runtime: Runtime;
  readonly network: Network;
  stop(): Promise<void>;
}

/** Starts a devnet in a process, directory and ports of its own, so that measuring disturbs nothing and is not disturbed. */
export async function startOwnDevnet(): Promise<OwnDevnet> {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-bench-'));
  const launcher = fileURLToPath(new URL('../main.ts', import.meta.url));
  const flags = ['--state-dir', directory, '--port-base', '0', '--no-wallet-build', '--stop-with-input'];
  const child = spawn(process.execPath, [...memoryFlags(LAUNCHER_MEMORY), launcher, ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.stdin.end();
    await exited;
    rmSync(directory, { recursive: true });
  };
  child.stdout.setEncoding('utf8');
  let output = '';
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    output += chunk;
    if (output.includes('FastPay is running')) break;
  }
  const layout = stateLayout(directory);
  const runtime = readRuntime(layout.runtime);
  if (!runtime) {
    await stop();
    throw new DevnetError(`The devnet did not start:\n${output}`);
  }
  // Left unread, a full pipe would block the launcher.
  child.stdout.resume();
  return { runtime, network: decodeNetwork(JSON.parse(readFileSync(layout.network, 'utf8'))), stop };
}
