import { checkPromises, checkProposal, signVote } from '@fastpay/crypto';
import type { QuorumCertificate, SignedBallot, SignedProposal } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { decideProposal, withRoundVote } from '../rules/proposal.ts';
import { equivocationInRound, haltedAccount } from '../rules/refusals.ts';
import type { VoteDecision } from '../rules/vote.ts';
import type { Surroundings, Validator, VoteAnswer } from '../validator.ts';
import { raiseAlarm } from './alarm.ts';
import { assertListed } from './asset.ts';
import { assertAttachmentCount, mayBeCured } from './attachments.ts';
import { reportBrokenPromises } from './evidence.ts';
import { takeInAttachments } from './resolve.ts';
import { resolvedAnswer, sequenceTooLowAt } from './resolved-slot.ts';
import { heldOrder, voteSituation } from './vote.ts';

type Request = Parameters<Validator['voteInRound']>[0];

/**
 * Rule 4b: cheap checks, the owner's word, the order, the promises with their certificates, the attachments, then read,
 * decide and write in one go.
 */
export async function voteInRound(core: Core, request: Request, surroundings: Surroundings): Promise<VoteAnswer> {
  const { store, context } = core;
  store.assertUsable();
  const { proposal, promises, lockCertificates, attachments } = request;
  const { epoch, slot, round, value } = proposal;
  assertAttachmentCount(attachments);
  assertListed(core, slot.asset);
  const { verifyAuthority, order } = checkProposal(context, proposal);
  const { highestLock, conflict, verify } = checkPromises(context, { epoch, slot, round, promises, lockCertificates });

  const early = decide(core, proposal, highestLock, surroundings);
  const hasToGoOn = early.type === 'vote' || mayBeCured(early, attachments);
  if (!hasToGoOn && early.type !== 'voted') return answer(core, request, early);
  await verifyAuthority();
  await order?.verifyPayer();
  if (hasToGoOn) {
    await verify();
    if (conflict) return halt(core, conflict);
    await takeInAttachments(core, attachments, surroundings);
  }
  const signed = await signVote(context, { slot, round, value }, core.signer, core.votingSigner);

  // From here to the write nothing may wait: what is decided is decided on what is written.
  const decision = decide(core, proposal, highestLock, surroundings);
  if (decision.type !== 'vote') return answer(core, request, decision);
  record(core, request, signed, surroundings);
  await store.barrier();
  return { type: 'vote', vote: signed };
}

/** Two quorums certified different values in one round: a third of the stake lied. */
async function halt(core: Core, certificates: readonly [QuorumCertificate, QuorumCertificate]): Promise<never> {
  raiseAlarm(core, { slot: certificates[0].slot, reason: 'conflictingQuorums', certificates });
  await core.store.barrier();
  throw haltedAccount();
}

/** What a decision that records nothing comes to. */
async function answer(
  core: Core,
  { proposal, promises }: Request,
  decision: Exclude<VoteDecision, { type: 'vote' }>,
): Promise<VoteAnswer> {
  const { slot, round } = proposal;
  switch (decision.type) {
    case 'resolved':
    case 'occupied': {
      const resolved = resolvedAnswer(core, slot);
      await reportBrokenPromises(core, promises, resolved.certificate);
      if (decision.type === 'occupied') throw sequenceTooLowAt(core, slot);
      return resolved;
    }
    case 'equivocation':
      throw equivocationInRound(round, heldOrder(core, slot, decision.value));
    case 'refuse':
      throw decision.reject;
    case 'voted': {
      // Somebody else's request may have recorded it just now.
      await core.store.barrier();
      const { epoch, value, signature } = decision.vote;
      return { type: 'vote', vote: { epoch, slot, round, value, signature: { signer: core.signer, signature } } };
    }
  }
}

function record(
  { ledger, store }: Core,
  { proposal, promises }: Request,
  { epoch, round, signature }: SignedBallot,
  { nowMs }: Surroundings,
): void {
  const { slot, value, signedOrder } = proposal;
  const step = store.begin();
  const recorded = { epoch, round, value, signature: signature.signature };
  step.putOpenSlot(slot, withRoundVote(ledger.openSlot(slot), recorded, promises));
  if (signedOrder && !ledger.payment(value)) step.putPayment(value, { slot, signedOrder });
  step.moveHead({ votesSigned: step.head.votesSigned + 1n, lastSignedAtMs: BigInt(Math.floor(nowMs)) });
  store.commit(step);
}

function decide(
  core: Core,
  proposal: SignedProposal,
  highestLock: QuorumCertificate | undefined,
  surroundings: Surroundings,
): VoteDecision {
  const { slot, signedOrder } = proposal;
  return decideProposal(proposal, {
    ...voteSituation(core, slot, signedOrder?.order, surroundings),
    nowMs: surroundings.nowMs,
    committeeSize: core.network.committee.members.length,
    highestLock,
  });
}
