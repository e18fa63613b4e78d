import {
  type CommitCertificate,
  type Hash,
  hashFromBytes,
  OrderKind,
  PATH_USD,
  type PaymentOrder,
  SKIP,
  toAddress,
  toAmount,
  toHash,
  toSequence,
} from '@fastpay/protocol';

/** Certificates as they look once verified: nothing here reads signatures. */

const address = (digits: string) => toAddress(`0x${digits.repeat(20)}`);
export const ann = address('a1');
export const ben = address('b2');
export const shop = address('c3');
export const dave = address('d4');

export const memoOf = (name: number): Hash => hashFromBytes(Uint8Array.from({ length: 32 }, () => name));

export function paid(
  fields: Pick<PaymentOrder, 'sender' | 'recipient'> & {
    readonly amount: bigint;
    readonly sequence?: bigint;
    readonly memo?: Hash;
    readonly kind?: OrderKind;
  },
): CommitCertificate {
  const { sequence = 0n, memo = memoOf(1), kind = OrderKind.transfer, amount, sender, recipient } = fields;
  const order: PaymentOrder = {
    kind,
    sender,
    recipient,
    asset: PATH_USD,
    amount: toAmount(amount),
    fee: toAmount(10n),
    sequence: toSequence(sequence),
    validUntil: 0n,
    memo,
    parents: [],
  };
  const slot = { owner: sender, asset: PATH_USD, sequence: order.sequence };
  const value = toHash(`0x${sender.slice(2)}${sequence.toString(16).padStart(8, '0')}${memo.slice(2, 18)}`);
  const signedOrder = { order, payerSignature: new Uint8Array(65) };
  return { type: 'commit', epoch: 0n, slot, round: 0, value, signedOrder, signatures: [] };
}

export function skipped(owner: PaymentOrder['sender'], sequence: bigint): CommitCertificate {
  const slot = { owner, asset: PATH_USD, sequence: toSequence(sequence) };
  return { type: 'commit', epoch: 0n, slot, round: 1, value: SKIP, signatures: [] };
}

export const accountIn = (owner: PaymentOrder['sender']) => ({ owner, asset: PATH_USD });
