import { binaryKey } from './binary-key.ts';
import { assertValidKeys, type Entry, type Kv, type Operation, type RangeOptions } from './kv.ts';
import { createOrderedMap } from './ordered-map.ts';

/** A store that lives as long as the process: nothing is durable, so writes resolve at once. For tests and demos. */
export function createMemoryKv(): Kv {
  const entries = createOrderedMap<{ readonly key: Uint8Array; readonly value: Uint8Array }>();
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error('the store is closed');
  }

  function apply(operation: Operation): void {
    const name = binaryKey(operation.key);
    if (operation.type === 'delete') entries.delete(name);
    else entries.set(name, { key: new Uint8Array(operation.key), value: new Uint8Array(operation.value) });
  }

  return {
    get(key) {
      assertOpen();
      const entry = entries.get(binaryKey(key));
      return entry && new Uint8Array(entry.value);
    },
    range({ start, end, limit = Number.POSITIVE_INFINITY, reverse = false }: RangeOptions) {
      assertOpen();
      const found: Entry[] = [];
      if (limit <= 0) return found;
      const [low, high] = [binaryKey(start), binaryKey(end)];
      for (const [, entry] of reverse ? entries.descending(low, high) : entries.ascending(low, high)) {
        found.push([new Uint8Array(entry.key), new Uint8Array(entry.value)]);
        if (found.length >= limit) break;
      }
      return found;
    },
    write(batch) {
      if (closed) return Promise.reject(new Error('the store is closed'));
      assertValidKeys(batch);
      for (const operation of batch) apply(operation);
      return Promise.resolve();
    },
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}
