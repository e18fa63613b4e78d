import {
  type Domain,
  type Hash,
  hashFromBytes,
  keccak256,
  PATH_USD,
  type PaymentOrder,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  utf8,
} from '../../src/index.ts';

/** Values that several vector files share. */

export const domain: Domain = {
  chainId: 31_337n,
  reserve: toAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'),
  salt: hashOf('salt'),
};

export const order: PaymentOrder = {
  kind: 0,
  sender: toAddress('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf'),
  recipient: toAddress('0x2b5ad5c4795c026514f8317c7a215e218dccd6cf'),
  asset: PATH_USD,
  amount: toAmount(10_000_000n),
  fee: toAmount(2_000n),
  sequence: toSequence(7n),
  validUntil: 1_800_000_000n,
  memo: hashOf('memo'),
  parents: [],
};

export const onesHash = toHash(`0x${'ff'.repeat(32)}`);
export const onesAddress = toAddress(`0x${'ff'.repeat(20)}`);

/** keccak256 of a text, for hashes that mean nothing. */
export function hashOf(text: string): Hash {
  return hashFromBytes(keccak256(utf8(text)));
}
