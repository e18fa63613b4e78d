import type { Hash, Slot, Stage } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import type { PaymentView } from '../validator.ts';

/** What this ledger knows of one payment; derived, so that it cannot contradict what was recorded. */
export function payment({ ledger, store }: Core, transactionHash: Hash): PaymentView | undefined {
  store.assertUsable();
  const slot = ledger.payment(transactionHash)?.slot;
  const signedOrder = ledger.order(transactionHash);
  if (!slot || !signedOrder) return undefined;
  const resolved = ledger.resolution(slot)?.certificate;
  const standing = ledger.standing(slot);
  const onChain = standing?.value === transactionHash ? standing : undefined;
  const commitCertificate = resolved?.value === transactionHash ? resolved : undefined;
  const isLost = resolved !== undefined && !commitCertificate;
  const stage: Stage = isLost
    ? 'SKIPPED'
    : (onChain?.stage ?? (commitCertificate ? 'QUEUED_ONCHAIN' : openStage(ledger, slot, transactionHash)));
  const settlement = onChain?.settlement;
  return {
    transactionHash,
    stage,
    signedOrder,
    ...(commitCertificate && { commitCertificate }),
    ...(settlement && { settlement }),
  };
}

function openStage(ledger: Core['ledger'], slot: Slot, transactionHash: Hash): Stage {
  return ledger.openSlot(slot)?.lock?.certificate.value === transactionHash ? 'CERTIFIED' : 'ACCEPTED';
}
