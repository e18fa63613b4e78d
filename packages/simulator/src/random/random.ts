/** Numbers that look random and come again with the same seed. */
export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** @throws Error when there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item;
  /** Some of the items, in their order; each with the given probability. */
  some<Item>(items: readonly Item[], probability: number): readonly Item[];
  shuffle<Item>(items: readonly Item[]): readonly Item[];
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

const UINT32 = 2 ** 32;

/** mulberry32: 32 bits of state, far more than one run draws from one stream. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function uint32(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  const fraction = () => uint32() / UINT32;
  const below = (bound: number) => Math.floor(fraction() * bound);
  return {
    fraction,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => fraction() < probability,
    pick<Item>(items: readonly Item[]): Item {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)] as Item;
    },
    some: (items, probability) => items.filter(() => fraction() < probability),
    shuffle(items) {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = below(last + 1);
        // The one that is drawn and the last of those that are left change places.
        shuffled.splice(last, 1, ...shuffled.splice(other, 1, ...shuffled.slice(last, last + 1)));
      }
      return shuffled;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index++) bytes[index] = uint32() >>> 24;
      return bytes;
    },
  };
}

/** FNV-1a over UTF-16 units with a final mix: the same text and seed give the same 32 bits. */
export function hashText(text: string, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A stream of its own for everything that has a name: what one part of a run draws does not move what another draws, so
 * that leaving out one fault leaves the others where they are.
 */
export function randomOf(seed: number, name: string): Random {
  return createRandom(hashText(name, seed));
}
