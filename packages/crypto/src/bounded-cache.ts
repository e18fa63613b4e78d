/** A map that forgets its oldest entry when it is full, so that nobody outside can make it grow. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  set(key: Key, value: Value): void;
  /** What is kept under `key`, or else what `make` gives, kept from now on. Values are never undefined. */
  getOrMake(key: Key, make: () => Value): Value;
}

/** `limit` is the number of entries kept, at least 1. */
export function createBoundedCache<Key, Value>(limit: number): BoundedCache<Key, Value> {
  const entries = new Map<Key, Value>();
  const set = (key: Key, value: Value) => {
    if (!entries.has(key) && entries.size >= limit) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    entries.set(key, value);
  };
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set,
    getOrMake(key, make) {
      const known = entries.get(key);
      if (known !== undefined) return known;
      const made = make();
      set(key, made);
      return made;
    },
  };
}

const LONGEST_KEY_BYTES = 0xffff;

/**
 * An exact map key for a short byte string: its length, then two bytes a character, eight characters a step, which is
 * several times faster than a character a byte or hexadecimal.
 */
export function binaryKey(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > LONGEST_KEY_BYTES) throw new Error(`a key of ${length} bytes is too long`);
  const pair = (index: number) => ((bytes[index] as number) << 8) | (bytes[index + 1] ?? 0);
  let key = String.fromCharCode(length);
  let index = 0;
  for (; index + 16 <= length; index += 16) {
    key += String.fromCharCode(
      pair(index),
      pair(index + 2),
      pair(index + 4),
      pair(index + 6),
      pair(index + 8),
      pair(index + 10),
      pair(index + 12),
      pair(index + 14),
    );
  }
  for (; index < length; index += 2) key += String.fromCharCode(pair(index));
  return key;
}
