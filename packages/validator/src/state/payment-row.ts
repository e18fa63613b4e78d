import { ByteWriter, decodeSignedOrder, encodeSignedOrder, type SignedOrder, type Slot } from '@fastpay/protocol';
import { readRow, readSlot } from './row.ts';

/** Which slot a transaction hash belongs to, and its order as long as no certificate in the store holds it. */
export interface PaymentRow {
  readonly slot: Slot;
  readonly signedOrder?: SignedOrder;
}

/** slot 48 ‖ order length u16 ‖ order; length 0 when the slot's certificate holds it. */
export function encodePaymentRow({ slot, signedOrder }: PaymentRow): Uint8Array {
  const order = signedOrder ? encodeSignedOrder(signedOrder) : new Uint8Array();
  return new ByteWriter(50 + order.length).slot(slot).u16(order.length).raw(order).finish();
}

export function decodePaymentRow(bytes: Uint8Array): PaymentRow {
  return readRow('a payment', bytes, (reader) => {
    const slot = readSlot(reader);
    const length = reader.u16();
    return length === 0 ? { slot } : { slot, signedOrder: decodeSignedOrder(reader.raw(length)) };
  });
}
