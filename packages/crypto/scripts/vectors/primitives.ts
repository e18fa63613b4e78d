import { toHex } from '@fastpay/protocol';
import { p256Cases, recoverCases } from '../../src/testing/ecdsa-cases.fixtures.ts';
import { ed25519Cases } from '../../src/testing/ed25519-cases.fixtures.ts';

/** The matrix that every engine is tested with, without the messages that are only long. */
export function primitiveVectors() {
  return {
    'ed25519.json': {
      description: 'Ed25519 in the one mode of §4: is this signature valid?',
      cases: ed25519Cases()
        .filter(({ message }) => message.length < 1_000)
        .map(({ name, publicKey, message, signature, valid }) => ({
          name,
          publicKey: toHex(publicKey),
          message: toHex(message),
          signature: toHex(signature),
          valid,
        })),
    },
    'secp256k1.json': {
      description: 'Recoverable secp256k1 (§3): whose signature r‖s‖v is this? null: nobody’s.',
      cases: recoverCases().map(({ name, digest, signature, address }) => ({
        name,
        digest: toHex(digest),
        signature: toHex(signature),
        address: address ?? null,
      })),
    },
    'p256.json': {
      description: 'ECDSA on P-256 over SHA-256 of the message, low s (§3): is r‖s valid for the key x‖y?',
      cases: p256Cases().map(({ name, publicKey, message, signature, valid }) => ({
        name,
        publicKey: toHex(publicKey),
        message: toHex(message),
        signature: toHex(signature),
        valid,
      })),
    },
  };
}
