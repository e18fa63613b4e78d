import { etc, hashes, Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { binaryKey, createBoundedCache } from './bounded-cache.ts';
import { cryptoLimits } from './limits.ts';

/**
 * The one Ed25519 mode of the protocol (§4): canonical s, A and R; A of prime order; the cofactorless equation
 * [s]B = R + [k]A. R may not be the identity, which no honest signer makes. Other engines are faster, never different.
 */

hashes.sha512 = sha512;

const PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;
const { n: ORDER } = Point.CURVE();

const checkedKeys = createBoundedCache<string, Point | null>(cryptoLimits.checkedVotingKeys);

/** The point of a voting key, or null when the key is not a canonical point of prime order. */
function votingPoint(publicKey: Uint8Array): Point | null {
  return checkedKeys.getOrMake(binaryKey(publicKey), () => checkPoint(publicKey));
}

function checkPoint(publicKey: Uint8Array): Point | null {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return null;
  try {
    const point = Point.fromBytes(publicKey);
    return !point.isSmallOrder() && point.isTorsionFree() ? point : null;
  } catch {
    // The library reports an encoding that is no point by throwing; to the protocol it is a plain "no".
    return null;
  }
}

/** Whether the bytes are a canonical Ed25519 point of prime order: not small-order, not mixed-order (§2). */
export function isValidVotingKey(publicKey: Uint8Array): boolean {
  return publicKey.length === PUBLIC_KEY_BYTES && votingPoint(publicKey) !== null;
}

/**
 * The checks that hold before any curve arithmetic, the same for every engine: lengths, s below the group order,
 * R canonical and not the identity.
 */
export function isWellFormedEd25519Signature(signature: Uint8Array): boolean {
  return signature.length === ED25519_SIGNATURE_BYTES && hasCanonicalS(signature) && hasCanonicalR(signature);
}

/** s < L, little-endian in bytes 32 to 63. */
function hasCanonicalS(signature: Uint8Array): boolean {
  for (let index = 31; index >= 0; index--) {
    const byte = signature[32 + index] as number;
    const bound = ORDER_BYTES[index] as number;
    if (byte !== bound) return byte < bound;
  }
  return false;
}

/** The y coordinate of R is below the field prime, and y is not 1 (the identity, with or without the sign bit). */
function hasCanonicalR(signature: Uint8Array): boolean {
  let middleOnes = true;
  let middleZeros = true;
  for (let index = 1; index < 31; index++) {
    if (signature[index] !== 0xff) middleOnes = false;
    if (signature[index] !== 0) middleZeros = false;
  }
  const low = signature[0] as number;
  const high = (signature[31] as number) & 0x7f;
  if (middleOnes && high === 0x7f && low >= 0xed) return false;
  return !(middleZeros && high === 0 && low === 1);
}

/** Verifies in pure JavaScript. Wrong lengths and bad encodings are `false`. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || !isWellFormedEd25519Signature(signature)) return false;
  const point = votingPoint(publicKey);
  if (!point) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const challenge = etc.mod(littleEndian(sha512(etc.concatBytes(r, publicKey, message))), ORDER);
  const commitment = Point.BASE.multiply(s, false).subtract(point.multiply(challenge, false));
  // Comparing encodings, not points: it makes the equation cofactorless and R canonical at once.
  const expected = commitment.toBytes();
  return expected.every((byte, index) => byte === r[index]);
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] as number);
  return value;
}

function littleEndianBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let index = 0, rest = value; index < 32; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

const ORDER_BYTES = littleEndianBytes(ORDER);
