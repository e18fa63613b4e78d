import { type Hash, toAmount, toSequence } from './brand.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { limits } from './limits.ts';
import { OrderKind, type PaymentOrder, type SignedOrder } from './order.ts';
import { RejectError } from './reject.ts';

/**
 * The one binary form in which signed orders are stored, exported and linked (§4, binary form). It is canonical:
 * decoding refuses everything that encoding would not have written, and encoding everything that decoding would refuse.
 */

const FIXED_BYTES = 1 + 3 * 20 + 4 * 8 + 32 + 1 + 2;

/** The length of `encodeSignedOrder`'s answer. */
export function signedOrderBytes({ order, payerSignature }: SignedOrder): number {
  return FIXED_BYTES + order.parents.length * 32 + payerSignature.length;
}

/**
 * kind u8 ‖ sender ‖ recipient ‖ asset ‖ amount u64 ‖ fee u64 ‖ sequence u64 ‖ validUntil u64 ‖ memo 32 ‖
 * parent count u8 ‖ parents 32 each ‖ signature length u16 ‖ signature.
 * @throws RejectError INVALID_FORMAT or NOT_PAYMENT when a part is out of its bounds.
 */
export function encodeSignedOrder(signedOrder: SignedOrder): Uint8Array {
  const writer = new ByteWriter(signedOrderBytes(signedOrder));
  writeSignedOrder(writer, signedOrder);
  return writer.finish();
}

export function writeSignedOrder(writer: ByteWriter, { order, payerSignature }: SignedOrder): void {
  assertBounds(order.parents.length, payerSignature.length);
  writer
    .u8(asKind(order.kind))
    .address(order.sender)
    .address(order.recipient)
    .address(order.asset)
    .u64(order.amount)
    .u64(order.fee)
    .u64(order.sequence)
    .u64(order.validUntil)
    .hash(order.memo)
    .u8(order.parents.length);
  for (const parent of order.parents) writer.hash(parent);
  writer.u16(payerSignature.length).raw(payerSignature);
}

/**
 * @throws RejectError INVALID_FORMAT, or NOT_PAYMENT for an unknown kind. The order still needs `assertValidOrder`
 * and its signature a check.
 */
export function decodeSignedOrder(bytes: Uint8Array): SignedOrder {
  if (bytes.length > limits.orderBytes) throw new RejectError('INVALID_FORMAT', 'the order is too large');
  const reader = new ByteReader(bytes);
  const order = readOrder(reader);
  const signatureLength = reader.u16();
  assertBounds(order.parents.length, signatureLength);
  const payerSignature = reader.raw(signatureLength);
  reader.end();
  return { order, payerSignature };
}

function readOrder(reader: ByteReader): PaymentOrder {
  return {
    kind: asKind(reader.u8()),
    sender: reader.address(),
    recipient: reader.address(),
    asset: reader.address(),
    amount: toAmount(reader.u64()),
    fee: toAmount(reader.u64()),
    sequence: toSequence(reader.u64()),
    validUntil: reader.u64(),
    memo: reader.hash(),
    parents: readParents(reader),
  };
}

function readParents(reader: ByteReader): readonly Hash[] {
  const count = reader.u8();
  assertBounds(count, 0);
  return Array.from({ length: count }, () => reader.hash());
}

function asKind(kind: number): OrderKind {
  if (kind === OrderKind.transfer || kind === OrderKind.withdraw) return kind;
  throw new RejectError('NOT_PAYMENT', `there is no order kind ${kind}`);
}

function assertBounds(parents: number, signatureLength: number): void {
  if (parents > limits.parents) {
    throw new RejectError('INVALID_FORMAT', `an order names at most ${limits.parents} parents`);
  }
  if (signatureLength > limits.payerSignatureBytes) {
    throw new RejectError('INVALID_FORMAT', `a payer signature has at most ${limits.payerSignatureBytes} bytes`);
  }
}
