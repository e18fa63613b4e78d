/** Bytes nobody can foresee. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A number in [0, 1) from 32 random bits. */
export function randomFraction(random: RandomBytes): number {
  return new DataView(random(4).buffer).getUint32(0) / 2 ** 32;
}
