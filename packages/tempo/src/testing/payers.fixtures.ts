import { createHash } from 'node:crypto';
import { addressOfPublicKey, type PayerSigner, serializeTempoSignature } from '@fastpay/crypto';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { bytesOf, concatBytes, toHex, unsignedBytes, utf8 } from '@fastpay/protocol';
import * as P256 from 'ox/P256';

/** Account owners whose keys are numbers, one kind for each signature that Tempo takes. */

export const payerKinds = ['secp256k1', 'P-256', 'WebAuthn'] as const;
export type PayerKind = (typeof payerKinds)[number];

export function createPayer(kind: PayerKind, number: number): PayerSigner {
  const privateKey = unsignedBytes(0x1000_0000 + number, 32);
  if (kind === 'secp256k1') return createNodeSecp256k1Signer(privateKey);
  return kind === 'P-256' ? createP256Payer(privateKey) : createPasskeyPayer(privateKey);
}

function createP256Payer(privateKey: Uint8Array): PayerSigner {
  const publicKey = publicKeyOf(privateKey);
  return {
    address: addressOfPublicKey(publicKey),
    sign: (digest) =>
      serializeTempoSignature({ type: 'p256', publicKey, signature: signP256(privateKey, bytesOf(digest)) }),
  };
}

function createPasskeyPayer(privateKey: Uint8Array): PayerSigner {
  const publicKey = publicKeyOf(privateKey);
  // Relying party hash, user present and verified, counter zero.
  const authenticatorData = concatBytes(new Uint8Array(32).fill(0xa5), Uint8Array.of(0x05), new Uint8Array(4));
  return {
    address: addressOfPublicKey(publicKey),
    sign(digest) {
      const challenge = Buffer.from(bytesOf(digest)).toString('base64url');
      const clientData = utf8(`{"type":"webauthn.get","challenge":"${challenge}","origin":"https://wallet.example"}`);
      const hash = new Uint8Array(createHash('sha256').update(clientData).digest());
      const signature = signP256(privateKey, concatBytes(authenticatorData, hash));
      return serializeTempoSignature({ type: 'webAuthn', authenticatorData, clientData, signature, publicKey });
    },
  };
}

function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const { x, y } = P256.getPublicKey({ privateKey: toHex(privateKey) });
  return concatBytes(unsignedBytes(x, 32), unsignedBytes(y, 32));
}

/** r‖s over SHA-256(message), low s. */
function signP256(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  const { r, s } = P256.sign({ payload: toHex(message), privateKey: toHex(privateKey), hash: true });
  return concatBytes(unsignedBytes(r, 32), unsignedBytes(s, 32));
}
