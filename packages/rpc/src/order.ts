import { create } from '@bufbuild/protobuf';
import { bytesOf, limits, type OrderKind, type PaymentOrder, RejectError, type SignedOrder } from '@fastpay/protocol';
import {
  addressField,
  amountField,
  hashField,
  invalidField,
  listField,
  ownBytes,
  requiredField,
  sequenceField,
  u64Field,
} from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

export function orderToProto(order: PaymentOrder): pb.PaymentOrder {
  return create(pb.PaymentOrderSchema, {
    kind: order.kind,
    sender: bytesOf(order.sender),
    recipient: bytesOf(order.recipient),
    asset: bytesOf(order.asset),
    amount: order.amount,
    fee: order.fee,
    sequence: order.sequence,
    validUntil: order.validUntil,
    memo: bytesOf(order.memo),
    parents: order.parents.map(bytesOf),
  });
}

/**
 * Checks the form only: the rules of §3 are `assertValidOrder`'s.
 * @throws RejectError NOT_PAYMENT for an unknown kind, INVALID_FORMAT otherwise.
 */
export function orderFromProto(message: pb.PaymentOrder, at = 'order'): PaymentOrder {
  if (message.kind !== 0 && message.kind !== 1) {
    throw new RejectError('NOT_PAYMENT', `${at}.kind: there is no order kind ${message.kind}`);
  }
  return {
    kind: message.kind satisfies OrderKind,
    sender: addressField(message.sender, `${at}.sender`),
    recipient: addressField(message.recipient, `${at}.recipient`),
    asset: addressField(message.asset, `${at}.asset`),
    amount: amountField(message.amount, `${at}.amount`),
    fee: amountField(message.fee, `${at}.fee`),
    sequence: sequenceField(message.sequence, `${at}.sequence`),
    validUntil: u64Field(message.validUntil, `${at}.valid_until`),
    memo: hashField(message.memo, `${at}.memo`),
    parents: listField(message.parents, limits.parents, `${at}.parents`).map((parent, index) =>
      hashField(parent, `${at}.parents[${index}]`),
    ),
  };
}

export function signedOrderToProto({ order, payerSignature }: SignedOrder): pb.SignedOrder {
  return create(pb.SignedOrderSchema, { order: orderToProto(order), payerSignature });
}

/** Checks the form only; the payer's signature is still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function signedOrderFromProto(message: pb.SignedOrder | undefined, at = 'signed_order'): SignedOrder {
  const { order, payerSignature } = requiredField(message, at);
  if (payerSignature.length > limits.payerSignatureBytes) {
    throw invalidField(`${at}.payer_signature`, `has at most ${limits.payerSignatureBytes} bytes`);
  }
  const parsed = orderFromProto(requiredField(order, `${at}.order`), `${at}.order`);
  return { order: parsed, payerSignature: ownBytes(payerSignature) };
}
