/** Big-endian comparisons of 32-byte scalars without bigint: they run on every signature. */

/** Whether the 32 bytes at `offset` are all zero. */
export function isZeroScalar(bytes: Uint8Array, offset: number): boolean {
  for (let index = 0; index < 32; index++) if (bytes[offset + index] !== 0) return false;
  return true;
}

/** Whether the 32 big-endian bytes at `offset` are at most `bound` (32 bytes). */
export function isAtMost(bytes: Uint8Array, offset: number, bound: Uint8Array): boolean {
  for (let index = 0; index < 32; index++) {
    const left = bytes[offset + index] as number;
    const right = bound[index] as number;
    if (left !== right) return left < right;
  }
  return true;
}

/** Group order minus one and half the group order (rounded down): the largest r and the largest low s. */
export interface EcdsaBounds {
  readonly maxR: Uint8Array;
  readonly maxLowS: Uint8Array;
}

export function ecdsaBounds(order: bigint): EcdsaBounds {
  return { maxR: bigEndian32(order - 1n), maxLowS: bigEndian32(order >> 1n) };
}

/** Whether r‖s at the start of `signature` is in range with low s: 0 < r < n, 0 < s ≤ n/2. */
export function isLowSSignature(signature: Uint8Array, bounds: EcdsaBounds): boolean {
  return (
    !isZeroScalar(signature, 0) &&
    !isZeroScalar(signature, 32) &&
    isAtMost(signature, 0, bounds.maxR) &&
    isAtMost(signature, 32, bounds.maxLowS)
  );
}

function bigEndian32(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let index = 31, rest = value; index >= 0; index--, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}
