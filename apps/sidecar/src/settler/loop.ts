import { describeTrouble } from '../chain/trouble.ts';
import type { Log } from '../observe/log.ts';
import type { Settler } from './settler.ts';

export interface SettlerLoop {
  start(): void;
  /** Resolves when the look in progress is over. What was sent stays sent. */
  stop(): Promise<void>;
}

/** Waits between looks grow up to this while they fail. */
const MAX_WAIT_MS = 10_000;

/** Lets the settler look again and again; trouble with the chain slows it down and never ends it. */
export function createSettlerLoop(
  { intervalMs }: { readonly intervalMs: number },
  {
    settler,
    log,
    fatal,
  }: { readonly settler: Settler; readonly log: Log; readonly fatal: (reason: string, error: unknown) => void },
): SettlerLoop {
  let failures = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  async function lookOnce(): Promise<void> {
    try {
      await settler.look();
      if (failures > 0) log.info({ failures }, 'settling works again');
      failures = 0;
    } catch (error) {
      if (!isTrouble(error)) return fatal('the settler failed', error);
      failures++;
      // Once when it begins, then rarely: the metric counts them all.
      if (failures === 1 || failures % 100 === 0)
        log.warn({ failures, trouble: describeTrouble(error) }, 'settling failed');
    }
  }

  function run(): void {
    current = lookOnce().finally(() => {
      if (stopped) return;
      const waitMs = Math.min(intervalMs * 2 ** Math.min(failures, 10), Math.max(MAX_WAIT_MS, intervalMs));
      timer = setTimeout(run, waitMs);
    });
  }

  return {
    start: run,
    stop() {
      stopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}

function isTrouble(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TempoError' || error.name === 'RejectError');
}
