import { binaryKey } from './binary-key.ts';
import type { Entry, Operation } from './kv.ts';
import { createOrderedMap } from './ordered-map.ts';

/** What a key will hold once the group is stored; no value means that the key goes. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Batches that become durable together. Readers see them at once. */
export interface PendingGroup {
  readonly size: number;
  apply(batch: readonly Operation[]): void;
  get(name: string): Change | undefined;
  /** One change a key, in key order. */
  changes(): Iterable<Change>;
  changesIn(start: string, end: string): Iterable<readonly [name: string, change: Change]>;
  /** Resolves when the group is durable, rejects when the store failed. */
  readonly durable: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** Above the highest name that a key can have. */
const BEYOND_ALL_NAMES = '\u0100';

export function createPendingGroup(): PendingGroup {
  const changes = createOrderedMap<Change>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return {
    get size() {
      return changes.size;
    },
    apply(batch) {
      for (const operation of batch) {
        // Copies: the caller may reuse its arrays before the group is stored.
        const key = Uint8Array.from(operation.key);
        const value = operation.type === 'put' ? Uint8Array.from(operation.value) : undefined;
        changes.set(binaryKey(key), { key, value });
      }
    },
    get: changes.get,
    *changes() {
      for (const [, change] of changes.ascending('', BEYOND_ALL_NAMES)) yield change;
    },
    changesIn: changes.ascending,
    durable: promise,
    resolve,
    reject,
  };
}

/** Stored entries, in the order asked for, with pending changes of the same range laid over them. */
export function* overlaid(
  stored: Iterable<Entry>,
  pending: ReadonlyMap<string, Change>,
  { reverse }: { readonly reverse: boolean },
): Iterable<Entry> {
  const names = [...pending.keys()].sort();
  if (reverse) names.reverse();
  let at = 0;
  const isBefore = (left: string, right: string) => (reverse ? left > right : left < right);
  function* upTo(name: string | undefined): Iterable<Entry> {
    for (let next = names[at]; next !== undefined && (name === undefined || isBefore(next, name)); next = names[at]) {
      at++;
      const change = pending.get(next);
      if (change?.value) yield [Uint8Array.from(change.key), Uint8Array.from(change.value)];
    }
  }
  for (const entry of stored) {
    const name = binaryKey(entry[0]);
    yield* upTo(name);
    if (names[at] !== name) {
      yield entry;
      continue;
    }
    at++;
    const { value } = pending.get(name) as Change;
    if (value) yield [entry[0], Uint8Array.from(value)];
  }
  yield* upTo(undefined);
}
