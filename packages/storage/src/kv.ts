/**
 * The store under a validator: an ordered map of bytes to bytes.
 *
 * Reads and writes are synchronous so that one step of the state machine (read, decide, write) cannot
 * be interleaved with another; only durability is waited for. Adapters MUST pass the contract suite.
 */
export interface Kv {
  /** The value of `key`. MUST see every batch that `write` was called with before. The bytes are the caller's own. */
  get(key: Uint8Array): Uint8Array | undefined;

  /** Entries with `start` ≤ key < `end` in unsigned byte order (descending with `reverse`), at most `limit`. */
  range(options: RangeOptions): Iterable<Entry>;

  /**
   * Applies all operations, in order, or none. The batch MUST be visible to reads when `write` returns.
   * The promise MUST resolve only when the batch survives a power cut, and batches MUST become durable in the
   * order of their `write` calls: a crash may lose a suffix of them, never one from the middle.
   * A rejection means that the store is broken: the process MUST NOT go on with it.
   */
  write(batch: readonly Operation[]): Promise<void>;

  close(): Promise<void>;
}

export interface RangeOptions {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export type Entry = readonly [key: Uint8Array, value: Uint8Array];

export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'delete'; readonly key: Uint8Array };
