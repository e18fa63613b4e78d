/** Bytes nobody can foresee; tests pass a seeded one. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A whole number in [0, bound), every one equally likely; 1 ≤ bound ≤ 2^16. */
export function randomBelow(bound: number, random: RandomBytes): number {
  // Values past the last whole multiple would favour the small numbers: draw again.
  const usable = 65_536 - (65_536 % bound);
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const value = high * 256 + low;
    if (value < usable) return value % bound;
  }
}

/** The items in random order (Fisher–Yates). */
export function shuffled<Item>(items: readonly Item[], random: RandomBytes): Item[] {
  const rest = [...items];
  const out: Item[] = [];
  while (rest.length > 0) out.push(...rest.splice(randomBelow(rest.length, random), 1));
  return out;
}
