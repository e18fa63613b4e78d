/** Randomness that a seed repeats. Nothing secret is ever drawn from it. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** @throws RangeError when there is nothing to choose from. */
  pick<Value>(values: readonly Value[]): Value;
  shuffled<Value>(values: readonly Value[]): readonly Value[];
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** Another stream, which depends on the seed and the name alone, not on what was drawn here. */
  stream(name: string): Random;
}

/** mulberry32 over an FNV-1a hash of the seed: small, and good enough to choose faults with. */
export function createRandom(seed: string): Random {
  let state = hashOf(seed);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  const fraction = () => next() / 2 ** 32;
  const between = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));

  function pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new RangeError('there is nothing to choose from');
    return values[between(0, values.length - 1)] as Value;
  }

  return {
    fraction,
    between,
    pick,
    chance: (probability) => fraction() < probability,
    shuffled(values) {
      const left = [...values];
      const drawn: typeof left = [];
      while (left.length > 0) drawn.push(...left.splice(between(0, left.length - 1), 1));
      return drawn;
    },
    bytes: (length) => Uint8Array.from({ length }, () => between(0, 255)),
    stream: (name) => createRandom(`${seed}/${name}`),
  };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
