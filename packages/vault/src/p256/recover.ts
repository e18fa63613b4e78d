import { concatBytes } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { PasskeyAssertion } from './passkey.ts';
import { signatureFromDer } from './signature.ts';

/**
 * The public key of a passkey from two of its assertions: an authenticator tells it only when the passkey is made, but
 * each ECDSA signature leaves two possible keys, and two signatures leave one (SEC 1 §4.1.6).
 * @returns x‖y; undefined when the two assertions are not of one key.
 */
export function recoverPasskey(first: PasskeyAssertion, second: PasskeyAssertion): Uint8Array | undefined {
  const others = candidates(second);
  const [key, ...rest] = candidates(first).filter((key) => others.some((other) => isEqual(key, other)));
  return rest.length === 0 ? key : undefined;
}

function candidates({ authenticatorData, clientData, signature }: PasskeyAssertion): readonly Uint8Array[] {
  const digest = sha256(concatBytes(authenticatorData, sha256(clientData)));
  const compact = signatureFromDer(signature);
  return [0, 1].flatMap((bit) => {
    try {
      const recoverable = p256.Signature.fromBytes(compact).addRecoveryBit(bit);
      return [recoverable.recoverPublicKey(digest).toBytes(false).subarray(1)];
    } catch {
      // The library reports that no key fits this bit by throwing.
      return [];
    }
  });
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
