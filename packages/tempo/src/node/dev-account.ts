import type { Secp256k1Signer } from '@fastpay/crypto';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import * as Mnemonic from 'ox/Mnemonic';

/** Public knowledge: its accounts are worth nothing outside a development chain. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

/** How many accounts a development node gives 2^64 - 1 base units of each of its tokens. */
export const DEV_ACCOUNTS = 10;

/** The account at m/44'/60'/0'/0/index of the development mnemonic. @throws RangeError beyond `DEV_ACCOUNTS`. */
export function devAccount(index: number): Secp256k1Signer {
  if (!Number.isInteger(index) || index < 0 || index >= DEV_ACCOUNTS) {
    throw new RangeError(`a development node has accounts 0 to ${DEV_ACCOUNTS - 1}`);
  }
  return createNodeSecp256k1Signer(
    Mnemonic.toPrivateKey(DEV_MNEMONIC, { as: 'Bytes', path: `m/44'/60'/0'/0/${index}` }),
  );
}
