import { createSecp256k1Signer, type Secp256k1Signer } from '@fastpay/crypto';
import { HDKey } from '@scure/bip32';
import { mnemonicToSeedWebcrypto } from '@scure/bip39';
import type { Phrase } from './phrase/phrase.ts';

/** BIP-32 and BIP-44, loaded when a wallet is unlocked: m/44'/60'/0'/0/index, empty BIP-39 passphrase. */
export async function deriveSecp256k1Signer(phrase: Phrase, index: number): Promise<Secp256k1Signer> {
  const seed = await mnemonicToSeedWebcrypto(phrase);
  const root = HDKey.fromMasterSeed(seed);
  const account = root.derive(`m/44'/60'/0'/0/${index}`);
  try {
    if (!account.privateKey) throw new Error('a derived key has no private half');
    return createSecp256k1Signer(account.privateKey);
  } finally {
    seed.fill(0);
    root.wipePrivateData();
    account.wipePrivateData();
  }
}
