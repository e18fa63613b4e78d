import type { SmallStore } from './ports.ts';

const PREFIX = 'fastpay.';

/** Over a Storage of the browser. Where it is closed to the page, values last as long as the page. */
export function createSmallStore(open: () => Storage): SmallStore {
  const memory = new Map<string, string>();
  let storage: Storage | undefined;
  try {
    storage = open();
  } catch {
    // Blocked by the browser's settings: what would be kept here may be lost without harm.
  }
  return {
    get(key) {
      return storage ? (storage.getItem(PREFIX + key) ?? undefined) : memory.get(key);
    },
    set(key, value) {
      try {
        if (storage) storage.setItem(PREFIX + key, value);
        else memory.set(key, value);
      } catch {
        // Full, or made read-only meanwhile: the same as blocked from here on.
        storage = undefined;
        memory.set(key, value);
      }
    },
    remove(key) {
      storage?.removeItem(PREFIX + key);
      memory.delete(key);
    },
  };
}
