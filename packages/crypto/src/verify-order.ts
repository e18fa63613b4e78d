import { assertValidOrder, type Hash, limits, RejectError, type SignedOrder, transactionHash } from '@fastpay/protocol';
import { binaryKey } from './bounded-cache.ts';
import type { VerificationContext } from './context.ts';
import { verifyPayerSignature } from './payer-signature.ts';

/**
 * The rules of §3 that need no ledger: the order is well formed and its sender signed it in this domain.
 * @returns The transaction hash.
 * @throws RejectError INVALID_FORMAT, NOT_PAYMENT or INVALID_SIGNATURE.
 */
export async function verifySignedOrder(context: VerificationContext, signedOrder: SignedOrder): Promise<Hash> {
  assertValidOrder(signedOrder.order, context.domain.reserve);
  const hash = transactionHash(signedOrder.order, context.separator);
  await verifyPayerOf(context, signedOrder, hash);
  return hash;
}

/** @throws RejectError INVALID_SIGNATURE unless the order's sender signed `hash`, the order's transaction hash. */
export async function verifyPayerOf(
  context: VerificationContext,
  { order, payerSignature }: SignedOrder,
  hash: Hash,
): Promise<void> {
  if (payerSignature.length > limits.payerSignatureBytes) {
    throw new RejectError('INVALID_SIGNATURE', `a payer signature has at most ${limits.payerSignatureBytes} bytes`);
  }
  // The hash binds the sender, so (hash, signature) names everything that was checked.
  const memory = `payer/${hash}/${binaryKey(payerSignature)}`;
  if (context.verified.has(memory)) return;
  if (!(await verifyPayerSignature(context.engine, hash, payerSignature, order.sender))) {
    throw new RejectError(
      'INVALID_SIGNATURE',
      'the payer signature is not a canonical signature of this order by its sender',
    );
  }
  context.verified.set(memory, true);
}
