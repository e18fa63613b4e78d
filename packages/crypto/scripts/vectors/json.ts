import { type Ballot, type PaymentOrder, type Slot, toHex } from '@fastpay/protocol';

/** Bytes as hexadecimal with 0x, integers as decimal strings, like the other vector files. */

export function slotJson({ owner, asset, sequence }: Slot) {
  return { owner, asset, sequence: String(sequence) };
}

export function ballotJson({ slot, round, value }: Ballot) {
  return { slot: slotJson(slot), round: String(round), value };
}

export function orderJson({ kind, amount, fee, sequence, validUntil, ...rest }: PaymentOrder) {
  return {
    kind: String(kind),
    sender: rest.sender,
    recipient: rest.recipient,
    asset: rest.asset,
    amount: String(amount),
    fee: String(fee),
    sequence: String(sequence),
    validUntil: String(validUntil),
    memo: rest.memo,
    parents: rest.parents,
  };
}

export function signaturesJson(signatures: readonly { readonly signer: number; readonly signature: Uint8Array }[]) {
  return signatures.map(({ signer, signature }) => ({ signer: String(signer), signature: toHex(signature) }));
}
