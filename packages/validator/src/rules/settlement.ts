import { mayFollow, SKIP } from '@fastpay/protocol';
import { ownerIndex, paymentIndex } from '../state/keys.ts';
import type { LedgerStep } from '../state/ledger.ts';
import type { SettlementObservation } from '../validator.ts';

/**
 * §10: the chain's word about resolved slots. What this ledger does not know, or knows already, changes nothing.
 * @returns How many log lines were written, from `firstCursor` on.
 */
export function applySettlements(
  step: LedgerStep,
  observations: readonly SettlementObservation[],
  firstCursor: bigint,
): bigint {
  let cursor = firstCursor;
  for (const { account, sequence, value, stage, settlement } of observations) {
    if (value === SKIP) continue;
    const payment = step.payment(value);
    if (!payment || payment.slot.sequence !== sequence || payment.slot.owner !== account.owner) continue;
    const order = step.resolved(payment.slot)?.signedOrder?.order;
    if (!order) continue;
    const isSame = payment.stage === stage && payment.settlement?.block.hash === settlement?.block.hash;
    if (isSame || !mayFollow(payment.stage, stage)) continue;
    const { slot } = payment;
    step.putPayment(value, { stage, slot, ...(settlement && { settlement }) });
    if (stage === 'FINALIZED') step.dequeue(slot);
    step.append(
      cursor,
      { type: 'settlement', slot, transactionHash: value, stage, ...(settlement && { settlement }) },
      [ownerIndex(slot.owner), ownerIndex(order.recipient), paymentIndex(value)],
    );
    cursor++;
  }
  return cursor - firstCursor;
}
