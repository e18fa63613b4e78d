import { join } from 'node:path';
import { type Child, startChild } from '../process/child.ts';
import { waitUntilReady } from '../process/ready.ts';

/** Serves the wallet's sources with hot reload; what is not the wallet's goes to the relay. */
export async function startWalletDevServer(options: {
  readonly port: number;
  readonly relayUrl: string;
  readonly repositoryRoot: string;
  readonly logFile: string;
}): Promise<Child> {
  const { port, repositoryRoot } = options;
  const lifeline = join(repositoryRoot, 'apps/devnet/src/process/lifeline.ts');
  const vite = join(repositoryRoot, 'node_modules/vite/bin/vite.js');
  const child = await startChild({
    name: 'the wallet’s development server',
    command: process.execPath,
    args: ['--import', lifeline, vite, '--host', '127.0.0.1', '--port', String(port), '--strictPort'],
    directory: repositoryRoot,
    env: { FASTPAY_RELAY_URL: options.relayUrl, NODE_ENV: 'development' },
    logFile: options.logFile,
    comesFrom: 'vite',
  });
  await waitUntilReady(child, `http://127.0.0.1:${port}/`, 60_000);
  return child;
}
