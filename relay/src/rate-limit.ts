import { RejectError } from '@fastpay/protocol';
import { MemoryStore } from 'express-rate-limit';
import { relayLimits } from './limits.ts';
import { createLru } from './lru.ts';

/** A number of hits a minute for each key. */
export interface RateLimit {
  /**
   * @param id Of what is counted, when the same may come again, from anybody: it counts once as long as it is remembered.
   * @throws RejectError RATE_LIMITED with the time to wait.
   */
  take(key: string, id?: string): Promise<void>;
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
  const counted = createLru<true>({ entries: relayLimits.countedRequests });
  return {
    async take(key, id) {
      if (id !== undefined && counted.get(id)) return;
      const { totalHits, resetTime } = await store.increment(key);
      if (totalHits <= perMinute) {
        if (id !== undefined) counted.set(id, true);
        return;
      }
      onLimited();
      const retryAfterMs = Math.max(1, (resetTime?.getTime() ?? 0) - Date.now());
      throw new RejectError('RATE_LIMITED', `more than ${perMinute} ${what} in a minute`, { retryAfterMs });
    },
    stop: () => store.shutdown(),
  };
}
