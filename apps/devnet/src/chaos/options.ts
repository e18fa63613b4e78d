import { parseArgs } from 'node:util';
import { DevnetError, messageOf } from '../error.ts';

export interface ChaosOptions {
  /** How long faults are injected; healing and checking come on top. */
  readonly seconds: number;
  readonly seed: string;
}

const DEFAULT_SECONDS = 120;
const LEAST_SECONDS = 10;
const MOST_SECONDS = 86_400;

export const helpText = `Breaks a devnet of its own on purpose while wallets pay each other, heals it, and checks from
outside that nothing was lost and nothing happened twice.

  npm run chaos -- [options]

  --seconds N   how long faults are injected (default ${DEFAULT_SECONDS}); healing and checking come on top
  --seed S      which faults, in which order (default: chosen, and printed)
  --help        this text

Exit codes: 0 nothing was found, 1 a promise was broken or the run failed, 2 wrong flags.
`;

/** @throws DevnetError that names the flag. `undefined` when help was asked for. */
export function parseOptions(words: readonly string[], freshSeed: () => string): ChaosOptions | undefined {
  const values = parseFlags(words);
  if (values.help) return undefined;
  const seconds = values.seconds ?? String(DEFAULT_SECONDS);
  if (!/^\d{1,6}$/.test(seconds) || Number(seconds) < LEAST_SECONDS || Number(seconds) > MOST_SECONDS) {
    throw new DevnetError(`--seconds is a whole number from ${LEAST_SECONDS} to ${MOST_SECONDS}, not "${seconds}"`);
  }
  const seed = values.seed ?? freshSeed();
  if (!/^[\w.-]{1,64}$/.test(seed)) throw new DevnetError('--seed has up to 64 letters, digits, dots and dashes');
  return { seconds: Number(seconds), seed };
}

function parseFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: { seconds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    throw new DevnetError(`${messageOf(error)}\nSee npm run chaos -- --help`, { cause: error });
  }
}
