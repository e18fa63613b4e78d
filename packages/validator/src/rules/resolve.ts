import {
  type CommitCertificate,
  equalSlots,
  limits,
  OrderKind,
  orderCost,
  type Slot,
  toSequence,
} from '@fastpay/protocol';
import { type CursorIndex, ownerIndex, paymentIndex } from '../state/keys.ts';
import type { LedgerStep } from '../state/ledger.ts';
import { EMPTY_ACCOUNT } from '../state/records.ts';
import { missingPredecessor } from './refusals.ts';

export type ResolveOutcome = 'resolved' | 'known' | 'conflict';

/**
 * Rule 3 of §5 for a verified certificate: the money moves, whatever state the slot is in. Sums commute, so slots
 * inside the window may come in any order.
 * @throws RejectError MISSING_PREDECESSOR when the slot lies beyond the window.
 */
export function resolve(step: LedgerStep, certificate: CommitCertificate, cursor: bigint): ResolveOutcome {
  const { slot, value, signedOrder } = certificate;
  const known = step.resolved(slot);
  if (known) return known.value === value ? 'known' : 'conflict';
  const account = step.account(slot) ?? EMPTY_ACCOUNT;
  if (slot.sequence >= account.next + limits.resolveWindowSlots) throw missingPredecessor(account.next);

  markLosers(step, certificate);
  const next = nextAfter(step, slot, account.next);
  const cost = signedOrder ? orderCost(signedOrder.order) : 0n;
  step.putAccount(slot, { ...account, balance: account.balance - cost, next });
  const indices: CursorIndex[] = [ownerIndex(slot.owner)];
  if (signedOrder) {
    const { order } = signedOrder;
    if (order.kind === OrderKind.transfer) {
      const recipient = { owner: order.recipient, asset: order.asset };
      const credited = step.account(recipient) ?? EMPTY_ACCOUNT;
      step.putAccount(recipient, { ...credited, balance: credited.balance + order.amount });
      indices.push(ownerIndex(order.recipient));
    }
    step.putPayment(value, { stage: 'QUEUED_ONCHAIN', slot });
    indices.push(paymentIndex(value));
  }
  step.putResolved(certificate);
  step.queue(slot);
  step.append(cursor, { type: 'resolved', slot }, indices);
  return 'resolved';
}

/** Orders that held this slot and did not win can never be paid any more. */
function markLosers(step: LedgerStep, { slot, value }: CommitCertificate): void {
  const open = step.openSlot(slot);
  if (!open) return;
  const orders = [...open.votes, ...(open.locked ? [open.locked] : [])];
  for (const { value: candidate, signedOrder } of orders) {
    if (candidate !== value && signedOrder) step.putPayment(candidate, { stage: 'SKIPPED', slot, signedOrder });
  }
  step.deleteOpenSlot(slot);
}

/** The first slot without a certificate, once `resolved` has its own. */
function nextAfter(step: LedgerStep, resolved: Slot, next: bigint): bigint {
  let first = next;
  for (;;) {
    const slot = { ...resolved, sequence: toSequence(first) };
    if (!equalSlots(slot, resolved) && !step.resolved(slot)) return first;
    first++;
  }
}
