import { createLru } from '../lru.ts';

/** How many deposits of one account, or of one network address, are paid for in a day. */
export interface Shares {
  /** Whether another one is left. */
  has(key: string): boolean;
  take(key: string): void;
  /** Nothing more for this key until its day is over. */
  exhaust(key: string): void;
}

const DAY_MS = 86_400_000;

/** A key's day begins with its first deposit. What is forgotten to make room was there longest without being asked. */
export function createShares(
  { perDay, keys }: { readonly perDay: number; readonly keys: number },
  /** Unix milliseconds. */
  { now }: { now(): number },
): Shares {
  const days = createLru<{ readonly since: number; readonly taken: number }>({ entries: keys });
  const today = (key: string) => {
    const day = days.get(key);
    return day && now() - day.since < DAY_MS ? day : { since: now(), taken: 0 };
  };
  return {
    has: (key) => today(key).taken < perDay,
    take(key) {
      const day = today(key);
      days.set(key, { ...day, taken: day.taken + 1 });
    },
    exhaust(key) {
      days.set(key, { ...today(key), taken: perDay });
    },
  };
}
