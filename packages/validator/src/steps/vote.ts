import { type CheckedOrder, checkOrder, signVote } from '@fastpay/crypto';
import {
  type AccountId,
  type Hash,
  type PaymentOrder,
  type SignedBallot,
  type SignedOrder,
  type Slot,
  slotOf,
} from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { equivocation } from '../rules/refusals.ts';
import { decideVote, type VoteDecision, type VoteSituation, withVote } from '../rules/vote.ts';
import { isInReserve } from '../state/account-state.ts';
import type { Surroundings, Validator, VoteAnswer } from '../validator.ts';
import { assertListed } from './asset.ts';
import { assertAttachmentCount, mayBeCured } from './attachments.ts';
import { takeInAttachments } from './resolve.ts';
import { resolvedAnswer, sequenceTooLowAt } from './resolved-slot.ts';

type Request = Parameters<Validator['vote']>[0];

/** Rule 1: cheap checks, the payer's signature, the attachments, then read, decide and write in one go. */
export async function vote(core: Core, request: Request, surroundings: Surroundings): Promise<VoteAnswer> {
  const { store, context } = core;
  store.assertUsable();
  const { signedOrder, attachments } = request;
  assertAttachmentCount(attachments);
  const checked = checkOrder(context, signedOrder);
  assertListed(core, signedOrder.order.asset);

  const early = decide(core, signedOrder.order, checked.hash, surroundings);
  const hasToGoOn = early.type === 'vote' || mayBeCured(early, attachments);
  if (!hasToGoOn) return answer(core, signedOrder, checked, early);
  await checked.verifyPayer();
  await takeInAttachments(core, attachments, surroundings);
  const ballot = { slot: slotOf(signedOrder.order), round: 0, value: checked.hash };
  const signed = await signVote(context, ballot, core.signer, core.votingSigner);

  // From here to the write nothing may wait: what is decided is decided on what is written.
  const decision = decide(core, signedOrder.order, checked.hash, surroundings);
  if (decision.type !== 'vote') return answer(core, signedOrder, checked, decision);
  record(core, signedOrder, signed, surroundings);
  await store.barrier();
  return { type: 'vote', vote: signed };
}

/** What a decision that records nothing comes to. */
async function answer(
  core: Core,
  { order }: SignedOrder,
  checked: CheckedOrder,
  decision: Exclude<VoteDecision, { type: 'vote' }>,
): Promise<VoteAnswer> {
  const slot = slotOf(order);
  switch (decision.type) {
    case 'resolved':
      return resolvedAnswer(core, slot);
    case 'occupied':
      throw sequenceTooLowAt(core, slot);
    case 'equivocation':
      throw equivocation(heldOrder(core, slot, decision.value));
    case 'refuse':
      throw decision.reject;
    case 'voted': {
      // Other bytes for the same order get no vote unless its payer signed them too.
      await checked.verifyPayer();
      // Somebody else's request may have recorded it just now.
      await core.store.barrier();
      const { epoch, round, value, signature } = decision.vote;
      return { type: 'vote', vote: { epoch, slot, round, value, signature: { signer: core.signer, signature } } };
    }
  }
}

function record(
  { ledger, store }: Core,
  signedOrder: SignedOrder,
  ballot: SignedBallot,
  { nowMs }: Surroundings,
): void {
  const { slot, value, round, epoch, signature } = ballot;
  const step = store.begin();
  const recorded = { epoch, round, value, signature: signature.signature };
  step.putOpenSlot(slot, withVote(ledger.openSlot(slot), recorded));
  if (!ledger.payment(value)) step.putPayment(value, { slot, signedOrder });
  step.moveHead({ votesSigned: step.head.votesSigned + 1n, lastSignedAtMs: BigInt(Math.floor(nowMs)) });
  store.commit(step);
}

function decide(core: Core, order: PaymentOrder, value: Hash, surroundings: Surroundings): VoteDecision {
  return decideVote(order, value, voteSituation(core, slotOf(order), order, surroundings));
}

/** What a vote in any round looks at; a proposal of SKIP has no order, and nobody is paid by it. */
export function voteSituation(
  { ledger, network, store, oldestUnsettledAtMs }: Core,
  slot: Slot,
  order: PaymentOrder | undefined,
  { nowMs }: Surroundings,
): VoteSituation {
  const recipient = order && ledger.account({ owner: order.recipient, asset: order.asset });
  return {
    network,
    now: BigInt(Math.floor(nowMs / 1_000)),
    finalized: store.head().finalized,
    oldestUnsettledAtMs: oldestUnsettledAtMs(),
    account: ledger.account(slot),
    openSlot: ledger.openSlot(slot),
    resolvedValue: ledger.resolution(slot)?.certificate.value,
    isRecipientKnown: isInReserve(recipient),
    isPaid: ledger.isPaid,
  };
}

/** The order behind a value that holds an open slot: voted for, or certified by a quorum. */
export function heldOrder({ ledger }: Core, account: AccountId, value: Hash): SignedOrder | undefined {
  const locked = ledger.openSlot(account)?.lock?.certificate;
  return locked?.value === value ? locked.signedOrder : ledger.order(value);
}
