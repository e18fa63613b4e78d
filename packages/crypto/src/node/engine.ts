import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Address } from '@fastpay/protocol';
import secp256k1 from 'secp256k1';
import sodium from 'sodium-native';
import { addressOfPublicKey } from '../address.ts';
import { binaryKey, createBoundedCache } from '../bounded-cache.ts';
import { isValidVotingKey, isWellFormedEd25519Signature } from '../ed25519.ts';
import type { CryptoEngine } from '../engine.ts';
import { cryptoLimits } from '../limits.ts';
import { isWellFormedP256, uncompressedPoint } from '../p256.ts';
import { recoveryBit } from '../secp256k1.ts';
import { asBuffer } from './buffer.ts';

/** The fastest libraries that Node has: libsodium, libsecp256k1 and OpenSSL, behind the checks that all engines share. */
export function createNodeEngine(): CryptoEngine {
  const payerKeys = createBoundedCache<string, KeyObject | null>(cryptoLimits.importedPayerKeys);
  // Committee members and busy payers come again and again: looking up costs a tenth of hashing.
  const addresses = createBoundedCache<string, Address>(cryptoLimits.knownAddresses);

  return {
    ed25519Verify(publicKey, message, signature) {
      return (
        isWellFormedEd25519Signature(signature) &&
        isValidVotingKey(publicKey) &&
        sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicKey))
      );
    },

    secp256k1Recover(digest, signature) {
      const bit = recoveryBit(digest, signature);
      if (bit === undefined) return undefined;
      const publicKey = recoverKey(digest, signature, bit);
      return publicKey && addresses.getOrMake(binaryKey(publicKey), () => addressOfPublicKey(publicKey));
    },

    p256Verify(publicKey, message, signature) {
      if (!isWellFormedP256(publicKey, signature)) return false;
      const key = payerKeys.getOrMake(binaryKey(publicKey), () => importP256(publicKey));
      return key !== null && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    },
  };
}

function recoverKey(digest: Uint8Array, signature: Uint8Array, bit: 0 | 1): Uint8Array | undefined {
  try {
    return secp256k1.ecdsaRecover(signature.subarray(0, 64), bit, digest, false);
  } catch {
    // The library reports that no key fits by throwing.
    return undefined;
  }
}

/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point itself (RFC 5480). */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

function importP256(publicKey: Uint8Array): KeyObject | null {
  try {
    const key = Buffer.concat([SPKI_PREFIX, uncompressedPoint(publicKey)]);
    return createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    // OpenSSL reports a point off the curve by throwing.
    return null;
  }
}
