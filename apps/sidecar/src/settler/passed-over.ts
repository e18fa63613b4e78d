import { settlerLimits } from './limits.ts';

/** Entries that the reserve would not settle yet: each waits a while, longer each time, before it is tried again. */
export interface PassedOver {
  note(key: string, nowMs: number): void;
  isWaiting(key: string, nowMs: number): boolean;
  /** Forgets those that are no longer in the outbox. */
  keepOnly(keys: ReadonlySet<string>): void;
}

export function createPassedOver(): PassedOver {
  const entries = new Map<string, { readonly untilMs: number; readonly waitMs: number }>();
  return {
    note(key, nowMs) {
      const before = entries.get(key)?.waitMs;
      const waitMs = before === undefined ? settlerLimits.retryMs : Math.min(before * 2, settlerLimits.maxRetryMs);
      entries.delete(key);
      entries.set(key, { untilMs: nowMs + waitMs, waitMs });
      const [oldest] = entries.keys();
      if (entries.size > settlerLimits.passedOver && oldest !== undefined) entries.delete(oldest);
    },
    isWaiting: (key, nowMs) => (entries.get(key)?.untilMs ?? 0) > nowMs,
    keepOnly(keys) {
      for (const key of entries.keys()) if (!keys.has(key)) entries.delete(key);
    },
  };
}
