/** A map that forgets what was used longest ago once it holds too many entries. */
export interface Lru<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  has(key: string): boolean;
  /** Adds, or replaces; returns the entries that had to go. */
  set(key: string, value: Value): readonly Value[];
  delete(key: string): void;
}

interface LruOptions<Value> {
  readonly entries: number;
  /** Upper bound of the sum of `sizeOf`. */
  readonly bytes?: number;
  readonly sizeOf?: (value: Value) => number;
}

export function createLru<Value>({ entries, bytes = Number.POSITIVE_INFINITY, sizeOf = () => 0 }: LruOptions<Value>) {
  // A Map iterates in the order of insertion: what is used moves to the end, what comes first goes first.
  const map = new Map<string, Value>();
  let total = 0;
  const remove = (key: string, value: Value) => {
    map.delete(key);
    total -= sizeOf(value);
  };
  const lru: Lru<Value> = {
    get size() {
      return map.size;
    },
    has: (key) => map.has(key),
    get(key) {
      const value = map.get(key);
      if (value === undefined) return undefined;
      map.delete(key);
      map.set(key, value);
      return value;
    },
    set(key, value) {
      const previous = map.get(key);
      if (previous !== undefined) remove(key, previous);
      map.set(key, value);
      total += sizeOf(value);
      const evicted: Value[] = [];
      for (const [oldest, candidate] of map) {
        if (map.size <= entries && total <= bytes) break;
        remove(oldest, candidate);
        evicted.push(candidate);
      }
      return evicted;
    },
    delete(key) {
      const value = map.get(key);
      if (value !== undefined) remove(key, value);
    },
  };
  return lru;
}
