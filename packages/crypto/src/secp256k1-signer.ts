import { bytesOf, RejectError } from '@fastpay/protocol';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfPublicKey } from './address.ts';
import type { Secp256k1Signer } from './engine.ts';

/**
 * Signs digests with a secp256k1 key in pure JavaScript: deterministic (RFC 6979), low s.
 * @param privateKey 32 bytes, 0 < key < group order; copied.
 * @throws RejectError INVALID_FORMAT for anything else.
 */
export function createSecp256k1Signer(privateKey: Uint8Array): Secp256k1Signer {
  assertSecp256k1Key(privateKey);
  const secret = Uint8Array.from(privateKey);
  return {
    address: addressOfPublicKey(secp256k1.getPublicKey(secret, false)),
    sign(digest) {
      const signed = secp256k1.sign(bytesOf(digest), secret, { prehash: false, lowS: true, format: 'recovered' });
      return serializeRecoverable(signed.subarray(1), signed[0] as number);
    },
  };
}

/** @throws RejectError INVALID_FORMAT unless the bytes are a key. The message never shows them. */
export function assertSecp256k1Key(privateKey: Uint8Array): void {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) {
    throw new RejectError('INVALID_FORMAT', 'a secp256k1 key is 32 bytes above zero and below the group order');
  }
}

/** r‖s‖v from r‖s and the recovery id. */
export function serializeRecoverable(compact: Uint8Array, recoveryId: number): Uint8Array {
  // Ids 2 and 3 mean r ≥ n: nobody will ever see one, and no verifier takes it.
  if (recoveryId > 1) throw new Error('the recovery id does not fit v 27 or 28');
  const signature = new Uint8Array(65);
  signature.set(compact);
  signature[64] = 27 + recoveryId;
  return signature;
}
