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
  };
}
