import { setTimeout as delay } from 'node:timers/promises';
import { DevnetError } from '../../error.ts';
import type { ValidatorSet } from '../../validators.ts';
import type { Random } from '../random.ts';

const LIVES_MS = { least: 30, most: 3_000 };

/**
 * Starts a validator and kills it again and again, at any moment of its start or its work, until told to stop. It may
 * run or not afterwards. Resolves to how often it was killed.
 */
export async function killInALoop(
  name: string,
  { validators, random }: { readonly validators: ValidatorSet; readonly random: Random },
  signal: AbortSignal,
): Promise<number> {
  let kills = 0;
  await validators.stop(name);
  kills++;
  while (!signal.aborted) {
    const starting = startUnlessKilled(validators, name);
    await delay(random.between(LIVES_MS.least, LIVES_MS.most));
    const pid = validators.list().find((validator) => validator.name === name)?.pid;
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      kills++;
    }
    await starting;
    await validators.stop(name);
  }
  return kills;
}

async function startUnlessKilled(validators: ValidatorSet, name: string): Promise<void> {
  try {
    await validators.start(name);
  } catch (error) {
    // That it ended before it was ready is our own doing.
    if (!(error instanceof DevnetError)) throw error;
  }
}
