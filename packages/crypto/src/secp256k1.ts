import type { Address } from '@fastpay/protocol';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfPublicKey } from './address.ts';
import { ecdsaBounds, isLowSSignature } from './scalar.ts';

/** Recoverable ECDSA on secp256k1 as Tempo serializes it: r‖s‖v, low s, v 27 or 28 (§3). */

export const SECP256K1_SIGNATURE_BYTES = 65;
const DIGEST_BYTES = 32;
const bounds = ecdsaBounds(secp256k1.Point.CURVE().n);

/** 0 or 1 when lengths, ranges, low s and v are in order; the checks that every engine makes first. */
export function recoveryBit(digest: Uint8Array, signature: Uint8Array): 0 | 1 | undefined {
  if (digest.length !== DIGEST_BYTES || !isCanonicalSecp256k1(signature)) return undefined;
  return signature[64] === 27 ? 0 : 1;
}

export function isCanonicalSecp256k1(signature: Uint8Array): boolean {
  if (signature.length !== SECP256K1_SIGNATURE_BYTES) return false;
  const v = signature[64];
  return (v === 27 || v === 28) && isLowSSignature(signature, bounds);
}

/** Recovers in pure JavaScript; undefined when the signature is malformed or matches no key. */
export function recoverSecp256k1(digest: Uint8Array, signature: Uint8Array): Address | undefined {
  const bit = recoveryBit(digest, signature);
  if (bit === undefined) return undefined;
  const publicKey = recoverKey(digest, signature, bit);
  return publicKey && addressOfPublicKey(publicKey);
}

function recoverKey(digest: Uint8Array, signature: Uint8Array, bit: 0 | 1): Uint8Array | undefined {
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64)).addRecoveryBit(bit);
    return parsed.recoverPublicKey(digest).toBytes(false);
  } catch {
    // r is no x coordinate, or the key would be the point at infinity: nobody signed this.
    return undefined;
  }
}
