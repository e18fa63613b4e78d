import type { Secp256k1Signer } from '@fastpay/crypto';
import type { Phrase } from './phrase/phrase.ts';

/** Beyond this, BIP-32 means hardened keys. */
const MAX_INDEX = 0x7fff_ffff;

/**
 * The key of account `index` of a phrase, at the path that Ethereum and Tempo wallets use: m/44'/60'/0'/0/index.
 * The signer is a `PayerSigner`: 65 bytes r‖s‖v, deterministic, low s.
 */
export async function deriveAccount(phrase: Phrase, index = 0): Promise<Secp256k1Signer> {
  if (!Number.isInteger(index) || index < 0 || index > MAX_INDEX) {
    throw new RangeError(`an account index is a whole number from 0 to ${MAX_INDEX}`);
  }
  const { deriveSecp256k1Signer } = await import('./derivation.ts');
  return deriveSecp256k1Signer(phrase, index);
}
