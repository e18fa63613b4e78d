import { RejectError } from '@fastpay/protocol';
import { MemoryStore } from 'express-rate-limit';

/** A number of hits a minute for each key. */
export interface RateLimit {
  /** @throws RejectError RATE_LIMITED with the time to wait. */
  take(key: string): Promise<void>;
  stop(): void;
}

const WINDOW_MS = 60_000;

/** Keys are forgotten after two windows; how many there can be is bounded by the limit on requests in front. */
export function createRateLimit(
  { perMinute, what }: { readonly perMinute: number; readonly what: string },
  { onLimited }: { onLimited(): void },
): RateLimit {
  const store = new MemoryStore();
  store.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  return {
    async take(key) {
      const { totalHits, resetTime } = await store.increment(key);
      if (totalHits <= perMinute) return;
      onLimited();
      const retryAfterMs = Math.max(1, (resetTime?.getTime() ?? 0) - Date.now());
      throw new RejectError('RATE_LIMITED', `more than ${perMinute} ${what} in a minute`, { retryAfterMs });
    },
    stop: () => store.shutdown(),
  };
}
