import { bytesOf, concatBytes, utf8 } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import { addressOfPublicKey } from '../address.ts';
import type { PayerSigner } from '../engine.ts';
import { serializeTempoSignature } from '../tempo-signature.ts';
import { assertionMessage, base64Url } from '../webauthn.ts';

/** Account owners with P-256 keys, as WebCrypto and passkeys make them; deterministic (RFC 6979) for vectors. */

export interface P256Payer extends PayerSigner {
  /** x‖y. */
  readonly publicKey: Uint8Array;
}

export function createP256Payer(privateKey: Uint8Array): P256Payer {
  const publicKey = p256.getPublicKey(privateKey, false).subarray(1);
  return {
    publicKey,
    address: addressOfPublicKey(publicKey),
    sign: (digest) =>
      serializeTempoSignature({ type: 'p256', publicKey, signature: signP256(privateKey, bytesOf(digest)) }),
  };
}

export interface PasskeyOptions {
  /** Flags byte of the authenticator data; user present and verified unless given. */
  readonly flags?: number;
  /** The client data for a challenge in base64url; what browsers write unless given. */
  readonly clientData?: (challenge: string) => string;
}

export function createPasskeyPayer(privateKey: Uint8Array, options: PasskeyOptions = {}): P256Payer {
  const publicKey = p256.getPublicKey(privateKey, false).subarray(1);
  const authenticatorData = concatBytes(
    new Uint8Array(32).fill(0xa5),
    Uint8Array.of(options.flags ?? 0x05),
    new Uint8Array(4),
  );
  return {
    publicKey,
    address: addressOfPublicKey(publicKey),
    sign(digest) {
      const clientData = utf8((options.clientData ?? browserClientData)(base64Url(bytesOf(digest))));
      const message = assertionMessage(authenticatorData, clientData);
      const signature = signP256(privateKey, message);
      return serializeTempoSignature({ type: 'webAuthn', authenticatorData, clientData, signature, publicKey });
    },
  };
}

/** A WebAuthn signature by `privateKey`, whatever its parts say. */
export function signAssertion(
  privateKey: Uint8Array,
  authenticatorData: Uint8Array,
  clientData: Uint8Array,
): Uint8Array {
  const publicKey = p256.getPublicKey(privateKey, false).subarray(1);
  const signature = signP256(privateKey, assertionMessage(authenticatorData, clientData));
  return serializeTempoSignature({ type: 'webAuthn', authenticatorData, clientData, signature, publicKey });
}

export function browserClientData(challenge: string): string {
  return `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://wallet.example","crossOrigin":false}`;
}

/** r‖s over SHA-256(message), low s. */
export function signP256(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return p256.sign(message, privateKey, { prehash: true, lowS: true, format: 'compact' });
}
