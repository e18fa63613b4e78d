import type { Hash, PaymentOrder } from '@fastpay/protocol';
import { brief, type Settled, slotName, type Violate } from './types.ts';

/**
 * What people asked for and what came of it (I11): each wish is paid at most once, each device stands by the bytes that
 * it sent, and nothing is signed for by anybody but the payer.
 */
export interface Payments {
  /** A person asks; the memo names the wish, so that it can be told from all others. */
  wish(memo: Hash, device: string): void;
  /** This device's key signed a digest: an order, or a message of a round. */
  signed(owner: string, digest: Hash, device: string, order?: PaymentOrder): void;
  /** The order with this hash, of those that were signed or sent; a request may carry another beside the hash. */
  orderOf(value: Hash): PaymentOrder | undefined;
  hasSigned(owner: string, digest: Hash): boolean;
  isSignedBy(owner: string, digest: Hash, device: string): boolean;
  /** A device sends a signed order to somebody. `bytes` is the whole of it. */
  sent(device: string, value: Hash, order: PaymentOrder, bytes: string): void;
  settled(settled: Settled): void;
  /** Which transaction a wish ended in, if any. */
  paid(memo: Hash): Hash | undefined;
}

export function createPayments(violate: Violate): Payments {
  const wishes = new Map<Hash, { readonly device: string; paid?: Hash }>();
  const signers = new Map<string, string>();
  const ownBySlot = new Map<string, Hash>();
  const orders = new Map<Hash, PaymentOrder>();
  const bytesByValue = new Map<string, string>();

  return {
    wish: (memo, device) => void wishes.set(memo, { device }),
    signed(owner, digest, device, order) {
      signers.set(`${owner}/${digest}`, device);
      if (order) orders.set(digest, order);
    },
    orderOf: (value) => orders.get(value),
    hasSigned: (owner, digest) => signers.has(`${owner}/${digest}`),
    isSignedBy: (owner, digest, device) => signers.get(`${owner}/${digest}`) === device,
    sent(device, value, order, bytes) {
      orders.set(value, order);
      const slot = slotName({ owner: order.sender, asset: order.asset, sequence: order.sequence });
      const signer = signers.get(`${order.sender}/${value}`);
      if (signer === undefined) violate('I12', `${device} sends ${brief(value)}, which its payer never signed`);
      const before = bytesByValue.get(`${device}/${value}`);
      if (before !== undefined && before !== bytes) violate('I11', `${device} sends other bytes for ${brief(value)}`);
      bytesByValue.set(`${device}/${value}`, bytes);
      if (signer !== device) return;
      const own = ownBySlot.get(`${device}/${slot}`) ?? value;
      if (own !== value) violate('I11', `${device} signed ${brief(own)} and ${brief(value)} for ${slot}`);
      ownBySlot.set(`${device}/${slot}`, own);
    },
    settled({ value, order }) {
      const wish = order && wishes.get(order.memo);
      if (!wish) return;
      if (wish.paid !== undefined && wish.paid !== value) {
        violate('I11', `a payment of ${wish.device} was made as ${brief(wish.paid)} and again as ${brief(value)}`);
      }
      wish.paid = value;
    },
    paid: (memo) => wishes.get(memo)?.paid,
  };
}
