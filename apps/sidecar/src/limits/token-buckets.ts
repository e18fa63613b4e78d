/** A bounded set of token buckets, one a key. */
export interface TokenBuckets {
  /** Takes `cost` tokens of `key`. Returns 0 when they were there, else the milliseconds until they will be. */
  take(key: string, cost?: number): number;
  /** As `take`, without taking. */
  probe(key: string, cost?: number): number;
  readonly size: number;
}

export interface TokenBucketOptions {
  /** Tokens that come back a second. */
  readonly ratePerSecond: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
  /** Buckets kept at most. The one used longest ago goes first; it starts full again if it comes back. */
  readonly maxKeys: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** `nowMs` is a monotonic clock. */
export function createTokenBuckets(
  { ratePerSecond, burst, maxKeys }: TokenBucketOptions,
  { nowMs }: { readonly nowMs: () => number },
): TokenBuckets {
  // Insertion order is order of use, because every use inserts again.
  const buckets = new Map<string, Bucket>();

  function filled(key: string): Bucket {
    const now = nowMs();
    const bucket = buckets.get(key);
    if (!bucket) return { tokens: burst, atMs: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) * ratePerSecond) / 1_000);
    return { tokens, atMs: now };
  }

  function waitFor(bucket: Bucket, cost: number): number {
    return bucket.tokens >= cost ? 0 : Math.ceil(((cost - bucket.tokens) * 1_000) / ratePerSecond);
  }

  return {
    take(key, cost = 1) {
      const bucket = filled(key);
      const waitMs = waitFor(bucket, cost);
      if (waitMs === 0) bucket.tokens -= cost;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > maxKeys) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return waitMs;
    },
    probe(key, cost = 1) {
      return waitFor(filled(key), cost);
    },
    get size() {
      return buckets.size;
    },
  };
}
