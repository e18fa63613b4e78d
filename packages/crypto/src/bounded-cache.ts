/** A map that forgets its oldest entry when it is full, so that nobody outside can make it grow. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  set(key: Key, value: Value): void;
}

/** `limit` is the number of entries kept, at least 1. */
export function createBoundedCache<Key, Value>(limit: number): BoundedCache<Key, Value> {
  const entries = new Map<Key, Value>();
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set(key, value) {
      if (!entries.has(key) && entries.size >= limit) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      entries.set(key, value);
    },
  };
}

/** One character a byte: the cheapest exact map key for short byte strings. */
export function binaryKey(bytes: Uint8Array): string {
  let key = '';
  for (let index = 0; index < bytes.length; index++) key += String.fromCharCode(bytes[index] as number);
  return key;
}
