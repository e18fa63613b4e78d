import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevnetError, messageOf } from './error.ts';

export interface DevnetOptions {
  /** Everything that has to survive a restart. */
  readonly stateDirectory: string;
  /** Throw the state away first. */
  readonly fresh: boolean;
  /** First of eight ports in a row; 0: free ones, chosen once and kept in the state. */
  readonly portBase: number;
  /** Seconds between two blocks of the Tempo node. */
  readonly blockTimeSeconds: number;
  /** Seconds between requesting and executing an exit; a network keeps what it was made with. */
  readonly exitDelaySeconds: bigint;
  /** Validators settle what was paid on Tempo; without it, whoever holds a certificate can. */
  readonly settle: boolean;
  /** The relay pays for the gas of deposits; without it, whoever deposits pays. */
  readonly sponsor: boolean;
  /** Serve the wallet's sources with hot reload. */
  readonly dev: boolean;
  /** Build the wallet when its sources have changed. */
  readonly buildWallet: boolean;
  /** Stop when standard input closes, for programs that start a devnet. */
  readonly stopWithInput: boolean;
}

export const DEFAULT_PORT_BASE = 4700;
/** Tempo's own pace is about 0.55 s. */
const DEFAULT_BLOCK_TIME_SECONDS = 0.5;
const WEEK_SECONDS = 604_800;
/** Validators stop voting when what they see of the chain is older than a quarter of the delay (protocol §5 rule 1). */
const LEAST_EXIT_DELAY_SECONDS = 20;

export const helpText = `A whole FastPay network on this machine: a Tempo node with the reserve contract, four validators
(Dave, Edgar, Frank, Grace; three of them certify), a relay, and the wallet.

  npm start -- [options]

  --fresh              delete the devnet's state and start anew
  --state-dir DIR      where the state lives (default .devnet)
  --port-base N        first of eight ports in a row: relay and wallet N, validators N+1 to N+4,
                       Tempo node N+5, control N+6, with --dev the wallet N+7
                       (default ${DEFAULT_PORT_BASE}; 0: free ones, then kept)
  --block-time S       seconds between two blocks (default ${DEFAULT_BLOCK_TIME_SECONDS})
  --exit-delay S       seconds between requesting and executing an exit, for a network that is made now
                       (default ${WEEK_SECONDS}, a week)
  --no-settle          validators settle nothing; whoever holds a certificate still can
  --no-sponsor         the relay pays for nobody's deposits; whoever deposits pays the network fee
  --no-wallet-build    serve the wallet as it was built last, if it was
  --dev                serve the wallet's sources with hot reload (npm run dev)
  --stop-with-input    stop when standard input closes
  --help               this text

Ctrl-C stops everything. The state survives: balances, payments and keys are there at the next start,
however the last run ended.
`;

/** @throws DevnetError that names the flag. `undefined` when help was asked for. */
export function parseOptions(words: readonly string[], repositoryRoot: string): DevnetOptions | undefined {
  const values = parseFlags(words);
  if (values.help) return undefined;
  const stateDirectory = values['state-dir'] ?? '.devnet';
  return {
    stateDirectory: isAbsolute(stateDirectory) ? stateDirectory : resolveFromCaller(stateDirectory, repositoryRoot),
    fresh: values.fresh ?? false,
    portBase: wholeNumber('--port-base', values['port-base'], DEFAULT_PORT_BASE),
    blockTimeSeconds: blockTime(values['block-time']),
    exitDelaySeconds: exitDelay(values['exit-delay']),
    settle: !(values['no-settle'] ?? false),
    sponsor: !(values['no-sponsor'] ?? false),
    dev: values.dev ?? false,
    buildWallet: !(values['no-wallet-build'] ?? false),
    stopWithInput: values['stop-with-input'] ?? false,
  };
}

function parseFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        fresh: { type: 'boolean' },
        'state-dir': { type: 'string' },
        'port-base': { type: 'string' },
        'block-time': { type: 'string' },
        'exit-delay': { type: 'string' },
        'no-settle': { type: 'boolean' },
        'no-sponsor': { type: 'boolean' },
        'no-wallet-build': { type: 'boolean' },
        dev: { type: 'boolean' },
        'stop-with-input': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new DevnetError(`${messageOf(error)}\nSee npm start -- --help`, { cause: error });
  }
}

/** npm changes to the top of the repository before it runs a script; INIT_CWD is where the person stood. */
function resolveFromCaller(path: string, repositoryRoot: string): string {
  return path === '.devnet' ? join(repositoryRoot, path) : resolve(process.env.INIT_CWD ?? '.', path);
}

const LAST_PORT_BASE = 65_535 - 7;

function wholeNumber(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || (value !== 0 && value < 1_024) || value > LAST_PORT_BASE) {
    throw new DevnetError(`${flag} is 0 or a port from 1024 to ${LAST_PORT_BASE}, not "${text}"`);
  }
  return value;
}

function blockTime(text: string | undefined): number {
  if (text === undefined) return DEFAULT_BLOCK_TIME_SECONDS;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 0.1 || value > 3_600) {
    throw new DevnetError(`--block-time is seconds from 0.1 to 3600, not "${text}"`);
  }
  return value;
}

function exitDelay(text: string | undefined): bigint {
  if (text === undefined) return BigInt(WEEK_SECONDS);
  if (!/^\d{1,9}$/.test(text) || Number(text) < LEAST_EXIT_DELAY_SECONDS) {
    throw new DevnetError(`--exit-delay is whole seconds, at least ${LEAST_EXIT_DELAY_SECONDS}, not "${text}"`);
  }
  return BigInt(text);
}
