import { RejectError } from '@fastpay/protocol';
import type { SidecarConfig } from '../config/schema.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createSlots } from './slots.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** Remote addresses that are told apart at most; beyond it the one used longest ago starts afresh. */
const MAX_ADDRESSES = 20_000;
/** How long a caller is asked to wait when everything is taken. */
const BUSY_RETRY_MS = 250;

export interface Admission {
  readonly refusal?: RejectError;
  /** Called once when the answer has been sent or the caller has left. */
  readonly release: () => void;
}

/** Decides, before anything of a request is read, whether there is room for it (§14). */
export interface Gate {
  admit(kind: 'unary' | 'stream', remote: string): Admission;
}

export function createGate(
  limits: SidecarConfig['limits'],
  { metrics, nowMs }: { readonly metrics: Metrics; readonly nowMs: () => number },
): Gate {
  const rate = createTokenBuckets(
    {
      ratePerSecond: limits.requestsPerSecondPerAddress,
      burst: limits.requestBurstPerAddress,
      maxKeys: MAX_ADDRESSES,
    },
    { nowMs },
  );
  const unary = createSlots({ total: limits.requestsInFlight });
  const streams = createSlots({ total: limits.streams, perKey: limits.streamsPerAddress });
  metrics.inFlight.set(0);
  metrics.streams.set(0);

  const refuse = (limit: string, refusal: RejectError): Admission => {
    metrics.limited.inc({ limit });
    return { refusal, release: () => undefined };
  };

  return {
    admit(kind, remote) {
      const retryAfterMs = rate.take(remote);
      if (retryAfterMs > 0) {
        const message = 'too many requests from this address';
        return refuse('address', new RejectError('RATE_LIMITED', message, { retryAfterMs }));
      }
      const [slots, gauge] = kind === 'unary' ? [unary, metrics.inFlight] : [streams, metrics.streams];
      const release = slots.acquire(kind === 'unary' ? '' : remote);
      if (!release) {
        const message = kind === 'unary' ? 'too many requests in flight' : 'too many open streams';
        const facts = { retryAfterMs: BUSY_RETRY_MS };
        return refuse(
          kind === 'unary' ? 'in-flight' : 'streams',
          new RejectError('TEMPORARILY_UNAVAILABLE', message, facts),
        );
      }
      gauge.set(slots.inUse);
      return {
        release: () => {
          release();
          gauge.set(slots.inUse);
        },
      };
    },
  };
}
