import { verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, OrderKind, RejectError } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';

/** Whether the certificate moves money of the owner inside FastPay, or closes one of its slots. */
export function concernsOwner({ owner }: ClientCore, { slot, signedOrder }: CommitCertificate): boolean {
  const order = signedOrder?.order;
  return slot.owner === owner || (order?.kind === OrderKind.transfer && order.recipient === owner);
}

/**
 * Verifies a certificate in which the owner pays or is paid, and stores it. Known ones are not verified again.
 * @returns Whether it was new.
 * @throws RejectError INVALID_CERTIFICATE when it proves nothing, or nothing about this owner.
 * @throws ConflictingCertificatesError, StoreError.
 */
export async function takeIn(core: ClientCore, certificate: CommitCertificate): Promise<boolean> {
  const { owner, store, clock } = core;
  const { slot, value, signedOrder } = certificate;
  if (!concernsOwner(core, certificate)) {
    throw new RejectError('INVALID_CERTIFICATE', 'the certificate is about other accounts than this one');
  }
  if (await store.hasCertificate(owner, slot, value)) return false;
  await verifyCommitCertificate(core.context, certificate);
  // Voted on before validUntil at the latest: what turns up afterwards is not dated today.
  const votedByMs = signedOrder ? Number(signedOrder.order.validUntil) * 1_000 : Number.POSITIVE_INFINITY;
  return store.recordCertificate({ owner, certificate, createdAtMs: Math.min(clock.nowMs(), votedByMs) });
}
