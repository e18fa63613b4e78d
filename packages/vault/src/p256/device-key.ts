import { addressOfPublicKey, type PayerSigner, serializeTempoSignature } from '@fastpay/crypto';
import { bytesOf } from '@fastpay/protocol';
import { publicKeyFromSpki } from './public-key.ts';
import { withLowS } from './signature.ts';

/** A P-256 key that the browser holds and never gives out, not even to this program. There is no copy of it. */

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export function createDeviceKey(subtle: SubtleCrypto): Promise<CryptoKeyPair> {
  return subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
}

/** Signs for the account of a device key: 01‖r‖s‖x‖y‖01, over SHA-256 of the digest (§3). */
export async function deviceSigner(keys: CryptoKeyPair, subtle: SubtleCrypto): Promise<PayerSigner> {
  const publicKey = publicKeyFromSpki(new Uint8Array(await subtle.exportKey('spki', keys.publicKey)));
  return {
    address: addressOfPublicKey(publicKey),
    async sign(digest) {
      const message = Uint8Array.from(bytesOf(digest));
      const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, message);
      return serializeTempoSignature({ type: 'p256', publicKey, signature: withLowS(new Uint8Array(signature)) });
    },
  };
}
