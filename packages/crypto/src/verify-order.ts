import {
  assertValidOrder,
  encodeSignedOrder,
  type Hash,
  RejectError,
  type SignedOrder,
  transactionHash,
} from '@fastpay/protocol';
import { binaryKey } from './bounded-cache.ts';
import type { VerificationContext } from './context.ts';
import { verifyPayerSignature } from './payer-signature.ts';

/**
 * The rules of §3 that need no ledger: the order is well formed and its sender signed it in this domain.
 * @returns The transaction hash.
 * @throws RejectError INVALID_FORMAT, NOT_PAYMENT or INVALID_SIGNATURE.
 */
export async function verifySignedOrder(context: VerificationContext, signedOrder: SignedOrder): Promise<Hash> {
  const { hash, verifyPayer } = checkOrder(context, signedOrder);
  await verifyPayer();
  return hash;
}

/** An order whose form is checked, and whose signature is still to be. */
export interface CheckedOrder {
  readonly hash: Hash;
  /** @throws RejectError INVALID_SIGNATURE. */
  verifyPayer(): Promise<void>;
}

/**
 * The cheap half of `verifySignedOrder`. An order that passed both halves before, byte for byte, costs neither hashing
 * nor curve work: a validator meets each order three times.
 * @throws RejectError INVALID_FORMAT or NOT_PAYMENT.
 */
export function checkOrder(context: VerificationContext, signedOrder: SignedOrder): CheckedOrder {
  const bytes = binaryKey(encodeSignedOrder(signedOrder));
  const known = context.verifiedOrders.get(bytes);
  if (known !== undefined) return { hash: known, verifyPayer: () => Promise.resolve() };
  const { order, payerSignature } = signedOrder;
  assertValidOrder(order, context.domain.reserve);
  const hash = transactionHash(order, context.separator);
  return {
    hash,
    async verifyPayer() {
      if (!(await verifyPayerSignature(context.engine, hash, payerSignature, order.sender))) {
        throw new RejectError(
          'INVALID_SIGNATURE',
          'the payer signature is not a canonical signature of this order by its sender',
        );
      }
      context.verifiedOrders.set(bytes, hash);
    },
  };
}
