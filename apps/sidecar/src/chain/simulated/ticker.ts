import type { Fatal } from '../../process/fatal.ts';
import type { ClockedChain } from './clocked-chain.ts';

export interface Ticker {
  start(): void;
  /** Resolves when the block in progress is made. */
  stop(): Promise<void>;
}

/** However far the clock is set back, it is looked at again. */
const MAX_WAIT_MS = 1_000;

/** Lets a chain make each block when it is due. */
export function createTicker(
  { makeDueBlocks, nextBlockMs }: Pick<ClockedChain, 'makeDueBlocks' | 'nextBlockMs'>,
  { unixMs, fatal }: { readonly unixMs: () => number; readonly fatal: Fatal },
): Ticker {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let stopped = false;

  function schedule(): void {
    const waitMs = Math.min(Math.max(0, nextBlockMs() - unixMs()), MAX_WAIT_MS);
    timer = setTimeout(() => {
      current = makeDueBlocks().then(
        () => {
          if (!stopped) schedule();
        },
        (error: unknown) => fatal('the journal of the simulated chain failed', error),
      );
    }, waitMs);
  }

  return {
    start: schedule,
    stop() {
      stopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}
