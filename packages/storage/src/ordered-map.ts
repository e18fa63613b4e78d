/** A map that is read in order of its keys; strings compare by code unit. */
export interface OrderedMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** Entries with `start` ≤ key < `end`, ascending. The map must not change while it is iterated. */
  ascending(start: string, end: string): Iterable<readonly [string, Value]>;
  descending(start: string, end: string): Iterable<readonly [string, Value]>;
}

/** Keys per chunk before it is split: small enough to insert by moving, large enough to keep the list of chunks short. */
const CHUNK_KEYS = 512;

/** Sorted keys in chunks beside a hash map: reads cost one look-up, inserts two binary searches and a short move. */
export function createOrderedMap<Value>(): OrderedMap<Value> {
  const values = new Map<string, Value>();
  // Never empty; only a lone chunk may hold no key.
  const chunks: string[][] = [[]];

  /** The last chunk that begins at or before `key`, or the first. */
  function chunkOf(key: string): number {
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((chunks[middle]?.[0] as string) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function insert(key: string): void {
    const at = chunkOf(key);
    const chunk = chunks[at] as string[];
    chunk.splice(lowerBound(chunk, key), 0, key);
    if (chunk.length > CHUNK_KEYS) chunks.splice(at + 1, 0, chunk.splice(CHUNK_KEYS >>> 1));
  }

  function remove(key: string): void {
    const at = chunkOf(key);
    const chunk = chunks[at] as string[];
    chunk.splice(lowerBound(chunk, key), 1);
    if (chunk.length === 0 && chunks.length > 1) chunks.splice(at, 1);
  }

  return {
    get size() {
      return values.size;
    },
    get: (key) => values.get(key),
    set(key, value) {
      if (!values.has(key)) insert(key);
      values.set(key, value);
    },
    delete(key) {
      if (values.delete(key)) remove(key);
    },
    *ascending(start, end) {
      for (let at = chunkOf(start); at < chunks.length; at++) {
        const chunk = chunks[at] as string[];
        for (let index = lowerBound(chunk, start); index < chunk.length; index++) {
          const key = chunk[index] as string;
          if (key >= end) return;
          yield [key, values.get(key) as Value];
        }
      }
    },
    *descending(start, end) {
      for (let at = chunkOf(end); at >= 0; at--) {
        const chunk = chunks[at] as string[];
        for (let index = lowerBound(chunk, end) - 1; index >= 0; index--) {
          const key = chunk[index] as string;
          if (key < start) return;
          yield [key, values.get(key) as Value];
        }
      }
    },
  };
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
