/**
 * The store under a validator: an ordered map of bytes to bytes.
 *
 * Reads and writes are synchronous so that one step of the state machine (read, decide, write) cannot
 * be interleaved with another; only durability is waited for. Adapters MUST pass the contract suite.
 *
 * A key has 1 to `MAX_KEY_BYTES` bytes; a value has any number of bytes, none included.
 */
export interface Kv {
  /** The value of `key`. MUST see every batch that `write` was called with before. The bytes are the caller's own. */
  get(key: Uint8Array): Uint8Array | undefined;

  /**
   * Entries with `start` ≤ key < `end` in unsigned byte order (descending with `reverse`), at most `limit`.
   * MUST show one moment: what is written while the caller iterates does not change them. The bytes are the caller's own.
   */
  range(options: RangeOptions): Iterable<Entry>;

  /**
   * Applies all operations, in order, or none. The batch MUST be visible to reads when `write` returns.
   * The promise MUST resolve only when the batch survives a power cut, and batches MUST become durable in the
   * order of their `write` calls: a crash may lose a suffix of them, never one from the middle.
   * A rejection means that the store is broken: the process MUST NOT go on with it, and every later call MUST fail.
   * Throws RangeError, and applies nothing, when a key is empty or too long. The caller may reuse its arrays.
   */
  write(batch: readonly Operation[]): Promise<void>;

  /** Waits until everything written is durable, then lets the store go. Calls after it MUST fail. */
  close(): Promise<void>;
}

export interface RangeOptions {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  /** Whole number ≥ 0; without it, all entries. */
  readonly limit?: number;
  readonly reverse?: boolean;
}

export type Entry = readonly [key: Uint8Array, value: Uint8Array];

export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'delete'; readonly key: Uint8Array };

/** What every B-tree store in sight can hold as a key. */
export const MAX_KEY_BYTES = 511;

/** @throws RangeError unless every key of the batch has 1 to `MAX_KEY_BYTES` bytes. */
export function assertValidKeys(batch: readonly Operation[]): void {
  for (const { key } of batch) {
    if (key.length === 0 || key.length > MAX_KEY_BYTES) {
      throw new RangeError(`a key has 1 to ${MAX_KEY_BYTES} bytes, not ${key.length}`);
    }
  }
}
