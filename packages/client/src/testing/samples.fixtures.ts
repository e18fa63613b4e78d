import {
  type Address,
  addressFromBytes,
  type CommitCertificate,
  type Hash,
  hashFromBytes,
  keccak256,
  PATH_USD,
  type PaymentOrder,
  type SignedOrder,
  SKIP,
  slotOf,
  toAmount,
  toSequence,
  utf8,
  ZERO_HASH,
} from '@fastpay/protocol';

/** Well-formed values with made-up signatures: for stores, which do not verify. */

export function sampleHash(name: string): Hash {
  return hashFromBytes(keccak256(utf8(name)));
}

export function sampleAddress(name: string): Address {
  return addressFromBytes(keccak256(utf8(name)).slice(12));
}

export const alice = sampleAddress('alice');
export const bob = sampleAddress('bob');

export function sampleOrder(fields: Partial<PaymentOrder> = {}): SignedOrder {
  return {
    order: {
      kind: 0,
      sender: alice,
      recipient: bob,
      asset: PATH_USD,
      amount: toAmount(10_000_000n),
      fee: toAmount(2_000n),
      sequence: toSequence(0n),
      validUntil: 1_800_000_000n,
      memo: ZERO_HASH,
      parents: [],
      ...fields,
    },
    payerSignature: new Uint8Array(65).fill(7),
  };
}

/** A certificate over the order, or over SKIP in the order's slot. */
export function sampleCertificate(signedOrder: SignedOrder, value: Hash): CommitCertificate {
  return {
    type: 'commit',
    epoch: 0n,
    slot: slotOf(signedOrder.order),
    round: 0,
    value,
    signatures: [0, 1, 2].map((signer) => ({ signer, signature: new Uint8Array(65).fill(signer) })),
    ...(value === SKIP ? {} : { signedOrder }),
  };
}
