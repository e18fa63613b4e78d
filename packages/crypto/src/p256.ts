import { p256 } from '@noble/curves/nist.js';
import { ecdsaBounds, isLowSSignature } from './scalar.ts';

/** ECDSA on P-256 over SHA-256, low s only (§3). */

export const P256_PUBLIC_KEY_BYTES = 64;
export const P256_SIGNATURE_BYTES = 64;
const bounds = ecdsaBounds(p256.Point.CURVE().n);

/** Any valid public key, for probing what a runtime supports; 0x04‖x‖y. */
export const P256_BASE_POINT: Uint8Array<ArrayBuffer> = Uint8Array.from(p256.Point.BASE.toBytes(false));

/** The checks that every engine makes first: lengths, ranges, low s. */
export function isWellFormedP256(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === P256_PUBLIC_KEY_BYTES &&
    signature.length === P256_SIGNATURE_BYTES &&
    isLowSSignature(signature, bounds)
  );
}

/** x‖y with the prefix of an uncompressed point. */
export function uncompressedPoint(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const point = new Uint8Array(1 + publicKey.length);
  point[0] = 4;
  point.set(publicKey, 1);
  return point;
}

/** Verifies in pure JavaScript. Wrong lengths and points off the curve are `false`. */
export function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isWellFormedP256(publicKey, signature)) return false;
  try {
    return p256.verify(signature, message, uncompressedPoint(publicKey), { prehash: true, lowS: true });
  } catch {
    // The library reports a key that is no point by throwing.
    return false;
  }
}
