import { setTimeout as wait } from 'node:timers/promises';
import { RejectError } from '@fastpay/protocol';
import type { SidecarConfig } from '../config/schema.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** Remote addresses that are told apart at most. */
const MAX_ADDRESSES = 20_000;

/** Bounds the calls that cost a page of certificates or a batch of verifications each, by remote address (§14). */
export interface SyncLimit {
  /** @throws RejectError RATE_LIMITED. */
  take(remote: string): void;
  /** The same for a stream, which waits instead; resolves early when `signal` is aborted. */
  pace(remote: string, signal: AbortSignal): Promise<void>;
}

export function createSyncLimit(
  limits: SidecarConfig['limits'],
  { metrics, nowMs }: { readonly metrics: Pick<Metrics, 'limited'>; readonly nowMs: () => number },
): SyncLimit {
  const rate = createTokenBuckets(
    {
      ratePerSecond: limits.pagesPerSecondPerAddress,
      burst: limits.pagesPerSecondPerAddress * 2,
      maxKeys: MAX_ADDRESSES,
    },
    { nowMs },
  );
  return {
    take(remote) {
      const retryAfterMs = rate.take(remote);
      if (retryAfterMs === 0) return;
      metrics.limited.inc({ limit: 'pages' });
      throw new RejectError('RATE_LIMITED', 'too many pages asked for from this address', { retryAfterMs });
    },
    async pace(remote, signal) {
      for (let waitMs = rate.take(remote); waitMs > 0 && !signal.aborted; waitMs = rate.take(remote)) {
        metrics.limited.inc({ limit: 'pages' });
        // It fails only where the stream has ended, which the loop asks itself.
        await wait(waitMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
