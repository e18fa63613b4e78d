/** A small generator with a seed, so that whatever a run found can be made again: sfc32, by Chris Doty-Humphrey. */
export interface Random {
  /** A whole number from 0 to 2^32 − 1. */
  next(): number;
  /** A whole number from 0 to `limit` − 1; 0 when `limit` is 0. */
  below(limit: number): number;
  chance(oneIn: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  bytes(length: number): Uint8Array;
}

/** The same seeds always give the same numbers. */
export function createRandom(...seeds: readonly number[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (const seed of seeds) {
    a ^= seed;
    for (let round = 0; round < 12; round++) next();
  }
  const below = (limit: number) => (limit === 0 ? 0 : next() % limit);
  return {
    next,
    below,
    chance: (oneIn) => below(oneIn) === 0,
    pick(items) {
      if (items.length === 0) throw new RangeError('there is nothing to pick from');
      return items[below(items.length)] as (typeof items)[number];
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() >>> 24),
  };
}
