/** Counts what is in use, in all and by key, and refuses beyond a bound. */
export interface Slots {
  /** Takes a place; the answer gives it back (once, however often it is called), or is undefined when full. */
  acquire(key: string): (() => void) | undefined;
  readonly inUse: number;
}

/** `perKey` bounds one key's share; it defaults to all of them. */
export function createSlots({ total, perKey = total }: { readonly total: number; readonly perKey?: number }): Slots {
  const byKey = new Map<string, number>();
  let inUse = 0;
  return {
    acquire(key) {
      const used = byKey.get(key) ?? 0;
      if (inUse >= total || used >= perKey) return undefined;
      byKey.set(key, used + 1);
      inUse++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        inUse--;
        const left = (byKey.get(key) ?? 1) - 1;
        if (left === 0) byKey.delete(key);
        else byKey.set(key, left);
      };
    },
    get inUse() {
      return inUse;
    },
  };
}
