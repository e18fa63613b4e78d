import { createRequire } from 'node:module';
import { DevnetError } from '../error.ts';
import type { ChildSpec } from '../process/child.ts';

export interface NodeCommandOptions {
  readonly port: number;
  readonly blockTimeSeconds: number;
  /** State to start from. */
  readonly restoreFile: string | undefined;
}

const PACKAGE = '@foundry-rs/anvil';

/**
 * The node cannot watch for its launcher's end itself, so a shell does: when standard input closes, it ends the node;
 * when the node ends, so does the shell, with its exit code.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
node=$!
{ cat <&3 >/dev/null; kill -KILL $node; } 2>/dev/null &
exec 3<&-
trap 'kill -TERM $node' TERM
wait $node
exit $?`;

/** How to start a Tempo node. @throws DevnetError when its binary is not installed. */
export function nodeCommand(options: NodeCommandOptions): Pick<ChildSpec, 'command' | 'args' | 'comesFrom'> {
  const binary = findBinary();
  const args = [
    ...['--network', 'tempo', '--hardfork', 'T4', '--gas-limit', '500000000', '--slots-in-an-epoch', '1'],
    ...['--port', String(options.port), '--block-time', String(options.blockTimeSeconds)],
    // Nobody asks for old state, and it is what the node's memory would go to.
    ...['--prune-history', '--silent'],
    ...(options.restoreFile === undefined ? [] : ['--load-state', options.restoreFile]),
  ];
  // There is no such shell on Windows: there a killed launcher leaves its node behind.
  if (process.platform === 'win32') return { command: binary, args, comesFrom: PACKAGE };
  return { command: '/bin/sh', args: ['-c', GUARD, 'tempo-node', binary, ...args], comesFrom: PACKAGE };
}

function findBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `${PACKAGE}-${process.platform}-${architecture}`;
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  const require = createRequire(import.meta.url);
  try {
    // The platform's package is a dependency of the main one, and may be nested under it.
    return createRequire(require.resolve(`${PACKAGE}/package.json`)).resolve(`${name}/bin/${file}`);
  } catch (error) {
    throw new DevnetError(
      `The Tempo node is missing: the npm package ${name} is not installed.\nRun npm ci (without --omit=optional).`,
      { cause: error },
    );
  }
}
