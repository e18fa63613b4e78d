import { toHex } from '@fastpay/protocol';
import { type P256Case, p256Cases, type RecoverCase, recoverCases } from '../../src/testing/ecdsa-cases.fixtures.ts';
import { ed25519Cases } from '../../src/testing/ed25519-cases.fixtures.ts';
import { p256Matrix, recoverMatrix } from '../../src/testing/ecdsa-matrix.fixtures.ts';
import { ed25519Matrix } from '../../src/testing/ed25519-matrix.fixtures.ts';

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
      cases: recoverCases().map(recoverJson),
    },
    'p256.json': {
      description: 'ECDSA on P-256 over SHA-256 of the message, low s (§3): is r‖s valid for the key x‖y?',
      cases: p256Cases().map(p256Json),
    },
    'ed25519-matrix.json': {
      description:
        'Every kind of key A with every kind of commitment R: n B + t T, in every encoding. The equation holds as it stands (cofactorless) or only times 8 (cofactored); is the signature valid in the one mode of §4?',
      cases: ed25519Matrix()
        .filter(({ name, equation }) => equation !== 'none' && !name.endsWith('s + L'))
        .map(({ name, publicKey, message, signature, equation, valid }) => ({
          name,
          publicKey: toHex(publicKey),
          message: toHex(message),
          signature: toHex(signature),
          equation,
          valid,
        })),
    },
    'secp256k1-matrix.json': {
      description:
        'Every r with every s at the edges of their ranges, over digests at the edges (§3): whose signature r‖s‖v is this? null: nobody’s.',
      cases: recoverMatrix()
        .filter(({ name, address }) => address !== undefined || /^digest a hash.*v 2[78]$/.test(name))
        .map(recoverJson),
    },
    'p256-matrix.json': {
      description:
        'Every r with every s at the edges of their ranges, under the key that fits them where there is one (§3): is r‖s valid for the key x‖y?',
      cases: p256Matrix().map(p256Json),
    },
  };
}

function recoverJson({ name, digest, signature, address }: RecoverCase) {
  return { name, digest: toHex(digest), signature: toHex(signature), address: address ?? null };
}

function p256Json({ name, publicKey, message, signature, valid }: P256Case) {
  return { name, publicKey: toHex(publicKey), message: toHex(message), signature: toHex(signature), valid };
}
