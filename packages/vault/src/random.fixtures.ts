import type { RandomBytes } from './random.ts';

/** A reproducible stream (xorshift32): the same seed gives the same bytes. */
export function seededRandom(seed: number): RandomBytes {
  let state = seed || 1;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}
