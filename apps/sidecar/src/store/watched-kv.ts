import type { Entry, Kv, RangeOptions } from '@fastpay/storage';

export interface WatchedKvDependencies {
  /** Seconds until a batch was durable. */
  readonly onWrite: (seconds: number) => void;
  /** The store is broken: it MUST end the process, so that nothing more is signed or answered. */
  readonly onFailure: (error: unknown) => never;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
}

/**
 * The same store, timed, and fatal where it fails: what the state machine believes to be recorded must be so.
 * The failure is seen here before anybody who waits for the write is told of it.
 */
export function createWatchedKv(kv: Kv, { onWrite, onFailure, nowMs }: WatchedKvDependencies): Kv {
  function guarded<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      return onFailure(error);
    }
  }

  function* guardedRange(options: RangeOptions): Iterable<Entry> {
    try {
      yield* kv.range(options);
    } catch (error) {
      onFailure(error);
    }
  }

  let closing = false;

  return {
    get: (key) => guarded(() => kv.get(key)),
    range: guardedRange,
    write(batch) {
      // Stopping, not broken: whoever still wants to write has lost its caller already.
      if (closing) return Promise.reject(new Error('the store is closing'));
      const startedMs = nowMs();
      return guarded(() => kv.write(batch)).then(() => onWrite((nowMs() - startedMs) / 1_000), onFailure);
    },
    close() {
      closing = true;
      return kv.close();
    },
  };
}
