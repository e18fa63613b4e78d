import {
  type CommitCertificate,
  encodeCertificate,
  encodeSignedOrder,
  type Hash,
  limits,
  type Network,
  OrderKind,
  orderCost,
  type PaymentOrder,
  RejectError,
  requiredFee,
  type SignedOrder,
} from '@fastpay/protocol';
import { type AccountRecord, EMPTY_ACCOUNT, type OpenSlot, UNTOUCHED_SLOT } from '../state/records.ts';
import type { FinalizedBlock } from '../validator.ts';
import { halted, missingPredecessor } from './refusals.ts';

/** What rule 1 looks at besides the order. */
export interface VoteSituation {
  readonly network: Network;
  /** Unix seconds. */
  readonly now: bigint;
  readonly finalized: FinalizedBlock | undefined;
  readonly account: AccountRecord | undefined;
  readonly slot: OpenSlot | undefined;
  /** The certificate of the order's slot, if it has one. */
  readonly resolved: CommitCertificate | undefined;
  readonly isRecipientKnown: boolean;
  /** Whether the payment is resolved Paid here. */
  readonly isPaid: (transactionHash: Hash) => boolean;
}

export type VoteDecision =
  /** Voted for before: the same answer again. */
  | { readonly type: 'stored' }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'record'; readonly slot: OpenSlot };

/**
 * Rule 1 of §5, round 0, for an order whose form and payer signature are checked: what to do with the slot.
 * @throws RejectError when the rule does not allow a vote.
 */
export function decideVote(signedOrder: SignedOrder, hash: Hash, situation: VoteSituation): VoteDecision {
  const early = decideFromSlot(signedOrder, hash, situation);
  if (early) return early;
  assertTime(signedOrder.order, situation);
  assertFee(signedOrder.order, situation);
  const missing = signedOrder.order.parents.filter((parent) => !situation.isPaid(parent));
  if (missing.length > 0) {
    throw new RejectError('MISSING_PARENT', 'a payment that funds this one is not known here', {
      missingParents: missing,
    });
  }
  const { balance } = situation.account ?? EMPTY_ACCOUNT;
  if (balance < orderCost(signedOrder.order)) {
    throw new RejectError('INSUFFICIENT_FUNDS', 'amount and fee exceed the balance', { balance });
  }
  const slot = situation.slot ?? UNTOUCHED_SLOT;
  return { type: 'record', slot: { ...slot, votes: [...slot.votes, { round: 0, value: hash, signedOrder }] } };
}

/**
 * The part of rule 1 that the slot alone decides; cheap, so it also comes before any signature is checked.
 * @returns Undefined when the slot is free for this order.
 */
export function decideFromSlot(
  { order }: SignedOrder,
  hash: Hash,
  { account = EMPTY_ACCOUNT, slot = UNTOUCHED_SLOT, resolved }: VoteSituation,
): VoteDecision | undefined {
  if (resolved) {
    if (resolved.value === hash) return { type: 'resolved', certificate: resolved };
    throw new RejectError('SEQUENCE_TOO_LOW', `slot ${order.sequence} already holds another payment`, {
      expectedSequence: account.next,
      commitCertificate: encodeCertificate(resolved),
    });
  }
  if (account.isHalted) throw halted();
  if (order.sequence !== account.next) throw missingPredecessor(account.next);
  const vote = slot.votes.find(({ round }) => round === 0);
  if (vote?.value === hash) return { type: 'stored' };
  if (vote?.signedOrder) {
    throw new RejectError('EQUIVOCATION', 'this validator has voted for another payment in this slot', {
      storedOrder: encodeSignedOrder(vote.signedOrder),
    });
  }
  if (slot.promised > 0) {
    throw new RejectError('STALE_ROUND', 'this slot has gone on to a higher round', { promisedRound: slot.promised });
  }
  if (slot.locked) {
    // Committed in round 0 without a vote of its own: the quorum's order holds the slot.
    if (slot.locked.value === hash) return undefined;
    throw new RejectError('EQUIVOCATION', 'a quorum has certified another payment in this slot', {
      ...(slot.locked.signedOrder && { storedOrder: encodeSignedOrder(slot.locked.signedOrder) }),
    });
  }
  return undefined;
}

function assertTime({ validUntil }: PaymentOrder, { now, finalized, network }: VoteSituation): void {
  if (now > validUntil) throw new RejectError('EXPIRED', 'the time to vote on this payment is over');
  if (validUntil > now + limits.maxOrderLifeSeconds) {
    throw new RejectError('EXPIRED', `validUntil lies more than ${limits.maxOrderLifeSeconds} seconds ahead`);
  }
  // The age of the oldest unsettled certificate joins this check together with exits (docs/adr/005-validator-store.md).
  const oldest = now - network.exitDelaySeconds / 4n;
  if (!finalized || finalized.timestamp < oldest) {
    throw new RejectError('STALE_CHAIN', 'this validator has not seen a finalized block for too long');
  }
}

function assertFee(order: PaymentOrder, { network, isRecipientKnown }: VoteSituation): void {
  const isNew = order.kind === OrderKind.transfer && !isRecipientKnown;
  const required = requiredFee(network.fees, { isNew });
  if (order.fee < required) {
    throw new RejectError('FEE_TOO_LOW', 'the fee is below what settling this payment costs', {
      requiredFee: required,
    });
  }
}
