import { concatBytes, limits, RejectError } from '@fastpay/protocol';
import { P256_PUBLIC_KEY_BYTES, P256_SIGNATURE_BYTES } from './p256.ts';
import { isCanonicalSecp256k1, SECP256K1_SIGNATURE_BYTES } from './secp256k1.ts';
import { AUTHENTICATOR_DATA_BYTES, MIN_CLIENT_DATA_BYTES } from './webauthn.ts';

/**
 * The signatures that an account owner may give (§3), in Tempo's own serialization. Each has exactly one accepted
 * encoding: `serializeTempoSignature(parseTempoSignature(bytes))` gives the same bytes.
 */
export type TempoSignature =
  | { readonly type: 'secp256k1' /** r‖s‖v, 65 bytes. */; readonly signature: Uint8Array }
  | {
      readonly type: 'p256';
      /** r‖s, 64 bytes. */
      readonly signature: Uint8Array;
      /** x‖y, 64 bytes. */
      readonly publicKey: Uint8Array;
    }
  | {
      readonly type: 'webAuthn';
      /** 37 bytes. */
      readonly authenticatorData: Uint8Array;
      readonly clientData: Uint8Array;
      readonly signature: Uint8Array;
      readonly publicKey: Uint8Array;
    };

const P256_TYPE = 1;
const WEBAUTHN_TYPE = 2;
const P256_BYTES = 1 + P256_SIGNATURE_BYTES + P256_PUBLIC_KEY_BYTES + 1;
const TAIL_BYTES = P256_SIGNATURE_BYTES + P256_PUBLIC_KEY_BYTES;
const WEBAUTHN_MIN_BYTES = 1 + AUTHENTICATOR_DATA_BYTES + MIN_CLIENT_DATA_BYTES + TAIL_BYTES;
/** The signature is over SHA-256 of the digest, the only way that WebCrypto can make and check one. */
const PREHASHED = 1;

/**
 * Splits the bytes and checks their form; who signed, and what, is `verifyPayerSignature`'s question.
 * @throws RejectError INVALID_SIGNATURE for every other encoding, keychain signatures (03, 04) included.
 */
export function parseTempoSignature(bytes: Uint8Array): TempoSignature {
  if (bytes.length === SECP256K1_SIGNATURE_BYTES) {
    if (!isCanonicalSecp256k1(bytes)) {
      throw new RejectError('INVALID_SIGNATURE', 'a secp256k1 signature is r‖s‖v with low s and v 27 or 28');
    }
    return { type: 'secp256k1', signature: bytes };
  }
  if (bytes[0] === P256_TYPE) return parseP256(bytes);
  if (bytes[0] === WEBAUTHN_TYPE) return parseWebAuthn(bytes);
  throw new RejectError('INVALID_SIGNATURE', 'the signature is neither secp256k1, P-256 nor WebAuthn');
}

function parseP256(bytes: Uint8Array): TempoSignature {
  if (bytes.length !== P256_BYTES || bytes[P256_BYTES - 1] !== PREHASHED) {
    throw new RejectError('INVALID_SIGNATURE', 'a P-256 signature is 01‖r‖s‖x‖y‖01, over SHA-256 of the digest');
  }
  return { type: 'p256', signature: bytes.subarray(1, 65), publicKey: bytes.subarray(65, 129) };
}

function parseWebAuthn(bytes: Uint8Array): TempoSignature {
  if (bytes.length < WEBAUTHN_MIN_BYTES || bytes.length > limits.payerSignatureBytes) {
    throw new RejectError('INVALID_SIGNATURE', 'a WebAuthn signature is 02‖authenticator data‖client data‖r‖s‖x‖y');
  }
  const tail = bytes.length - TAIL_BYTES;
  return {
    type: 'webAuthn',
    authenticatorData: bytes.subarray(1, 1 + AUTHENTICATOR_DATA_BYTES),
    clientData: bytes.subarray(1 + AUTHENTICATOR_DATA_BYTES, tail),
    signature: bytes.subarray(tail, tail + P256_SIGNATURE_BYTES),
    publicKey: bytes.subarray(tail + P256_SIGNATURE_BYTES),
  };
}

/** The one encoding that `parseTempoSignature` takes. */
export function serializeTempoSignature(signature: TempoSignature): Uint8Array {
  switch (signature.type) {
    case 'secp256k1':
      return concatBytes(signature.signature);
    case 'p256':
      return concatBytes(Uint8Array.of(P256_TYPE), signature.signature, signature.publicKey, Uint8Array.of(PREHASHED));
    case 'webAuthn':
      return concatBytes(
        Uint8Array.of(WEBAUTHN_TYPE),
        signature.authenticatorData,
        signature.clientData,
        signature.signature,
        signature.publicKey,
      );
  }
}
