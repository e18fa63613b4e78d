import { type CheckedOrder, checkOrder, signVote } from '@fastpay/crypto';
import {
  type AccountId,
  type Hash,
  type PaymentOrder,
  RejectError,
  type SignedBallot,
  type SignedOrder,
  slotOf,
} from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { equivocation } from '../rules/refusals.ts';
import { decideVote, type VoteDecision, withVote } from '../rules/vote.ts';
import { isInReserve } from '../state/account-state.ts';
import type { Surroundings, Validator, VoteAnswer } from '../validator.ts';
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
  assertListed(core, signedOrder.order);

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

function decide(
  { ledger, network, store, oldestUnsettledAtMs }: Core,
  order: PaymentOrder,
  value: Hash,
  { nowMs }: Surroundings,
) {
  const slot = slotOf(order);
  return decideVote(order, value, {
    network,
    now: BigInt(Math.floor(nowMs / 1_000)),
    finalized: store.head().finalized,
    oldestUnsettledAtMs: oldestUnsettledAtMs(),
    account: ledger.account(slot),
    openSlot: ledger.openSlot(slot),
    resolvedValue: ledger.resolution(slot)?.certificate.value,
    isRecipientKnown: isInReserve(ledger.account({ owner: order.recipient, asset: order.asset })),
    isPaid: ledger.isPaid,
  });
}

/** The order behind a value that holds an open slot: voted for, or certified by a quorum. */
function heldOrder({ ledger }: Core, account: AccountId, value: Hash): SignedOrder | undefined {
  const locked = ledger.openSlot(account)?.lock?.certificate;
  return locked?.value === value ? locked.signedOrder : ledger.order(value);
}

function assertListed({ assets }: Core, { asset }: PaymentOrder): void {
  if (!assets.has(asset)) throw new RejectError('NOT_PAYMENT', 'the asset is not on this network’s list');
}
