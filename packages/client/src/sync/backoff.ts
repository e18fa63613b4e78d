import { clientLimits } from '../limits.ts';
import type { Clock } from '../ports/clock.ts';
import { type RandomBytes, randomFraction } from '../ports/random.ts';
import type { WakeUps } from '../ports/wake.ts';

/** Growing pauses between attempts that fail, so that many wallets do not come back at the same moment. */
export interface Backoff {
  /** The next pause; ends early on a wake-up or an abort. `onPause` is told how long it is, in milliseconds. */
  pause(signal: AbortSignal, onPause?: (delayMs: number) => void): Promise<void>;
  /** An attempt got somewhere: the next pause is a short one again. */
  reset(): void;
}

export function createBackoff(ports: {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly wakeUps: WakeUps;
}): Backoff {
  let attempts = 0;
  return {
    async pause(signal, onPause) {
      const full = Math.min(clientLimits.backoffMostMs, clientLimits.backoffFirstMs * 2 ** Math.min(attempts, 30));
      attempts++;
      const woken = new AbortController();
      const unsubscribe = ports.wakeUps.subscribe(() => woken.abort());
      try {
        const delayMs = full * (0.5 + randomFraction(ports.random) / 2);
        onPause?.(delayMs);
        await ports.clock.sleep(delayMs, AbortSignal.any([signal, woken.signal]));
      } finally {
        unsubscribe();
      }
    },
    reset() {
      attempts = 0;
    },
  };
}
