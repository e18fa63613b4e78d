import { addressOfPublicKey, type PayerSigner, serializeTempoSignature } from '@fastpay/crypto';
import { bytesOf } from '@fastpay/protocol';
import { signatureFromDer, withLowS } from './signature.ts';

/** What is kept of a passkey: enough to ask for it and to know its account. Nothing here is secret. */
export interface PasskeyRecord {
  readonly credentialId: Uint8Array;
  /** x‖y. */
  readonly publicKey: Uint8Array;
}

/** What an authenticator answers to a challenge (WebAuthn §5.2.2). */
export interface PasskeyAssertion {
  readonly authenticatorData: Uint8Array;
  readonly clientData: Uint8Array;
  /** DER. */
  readonly signature: Uint8Array;
}

/** Asks the person for the passkey. */
export type AskForPasskey = (credentialId: Uint8Array, challenge: Uint8Array) => Promise<PasskeyAssertion>;

/** Signs for the account of a passkey; each signature is a question to the person (§3, TIP-1020 WebAuthn). */
export function passkeySigner({ credentialId, publicKey }: PasskeyRecord, ask: AskForPasskey): PayerSigner {
  return {
    address: addressOfPublicKey(publicKey),
    async sign(digest) {
      const { authenticatorData, clientData, signature } = await ask(credentialId, bytesOf(digest));
      return serializeTempoSignature({
        type: 'webAuthn',
        authenticatorData,
        clientData,
        publicKey,
        signature: withLowS(signatureFromDer(signature)),
      });
    },
  };
}
