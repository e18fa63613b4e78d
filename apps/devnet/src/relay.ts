import { join } from 'node:path';
import { type Child, nodeProgram, startChild } from './process/child.ts';
import { waitUntilReady } from './process/ready.ts';
import type { StateLayout } from './state/layout.ts';

const READY_TIMEOUT_MS = 60_000;
const MEMORY = { oldSpaceMb: 160, semiSpaceMb: 2 };

/**
 * Starts the relay from its written configuration; whoever is told of its process ends it.
 * @throws DevnetError when it does not come up.
 */
export async function startRelay(
  options: { readonly layout: StateLayout; readonly relayUrl: string; readonly repositoryRoot: string },
  onStarted: (relay: Child) => Promise<void>,
): Promise<Child> {
  const { layout, relayUrl, repositoryRoot } = options;
  const relay = await startChild({
    name: 'the relay',
    logFile: layout.log('relay'),
    ...nodeProgram(join(repositoryRoot, 'relay/src/main.ts'), ['--config', layout.config('relay')], MEMORY),
  });
  await onStarted(relay);
  await waitUntilReady(relay, `${relayUrl}/healthz`, READY_TIMEOUT_MS);
  return relay;
}
