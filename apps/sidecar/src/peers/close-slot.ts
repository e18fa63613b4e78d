import { verifyProvenPromise, verifyVote } from '@fastpay/crypto';
import {
  type CommitCertificate,
  chooseValue,
  equalSlots,
  type ProvenPromise,
  type QuorumCertificate,
  type RoundProposal,
  type SignedBallot,
  type SignedNewRound,
  SKIP,
  type Slot,
} from '@fastpay/protocol';
import { exitRoundAt, type Validator } from '@fastpay/validator';
import type { Witness } from '../evidence/witness.ts';
import { collect, type Signed } from './collect.ts';
import { assertAbout, deliver, type FinishDependencies, finishSlot, verifiedResolution } from './finish.ts';
import { PeerError } from './peer-error.ts';
import type { Voter } from './voter.ts';

export interface CloseDependencies extends FinishDependencies {
  readonly validator: Pick<Validator, 'drive'>;
  readonly witness: Pick<Witness, 'promise'>;
  readonly unixMs: () => number;
}

/**
 * Ends the open slot of an account that exits, in the place of its owner (§5 rule 6): opens the round of this turn,
 * proposes the value of the highest lock, else SKIP, and drives it to a commit certificate.
 * @returns What the slot holds now; undefined when too few took part, so that a later turn has to end it.
 * @throws RejectError when it is not this validator's turn, or the exit does not stand any more.
 */
export async function closeSlot(slot: Slot, dependencies: CloseDependencies): Promise<CommitCertificate | undefined> {
  const { context, voters, signal, unixMs, validator } = dependencies;
  const { committee } = context;
  const nowMs = unixMs();
  const round = exitRoundAt(BigInt(Math.floor(nowMs / 1_000)));
  const surroundings = { nowMs };
  const opening = await validator.drive({ type: 'newRound', slot, round }, surroundings);
  const newRound: SignedNewRound = {
    epoch: committee.epoch,
    slot,
    round,
    authority: { type: 'driver', signature: opening },
  };
  const promised = await collect(voters, (voter) => askPromise(voter, newRound, dependencies), committee);
  if (promised.type === 'short') return undefined;
  if (promised.type === 'resolved') return delivered(promised.certificate, dependencies);

  const { promises, lockCertificates, highestLock } = chooseValue(promised.messages);
  const value = highestLock?.value ?? SKIP;
  const proposing = await validator.drive({ type: 'propose', slot, round, value }, surroundings);
  const proposal: RoundProposal = {
    proposal: {
      epoch: committee.epoch,
      slot,
      round,
      value,
      ...(highestLock?.signedOrder ? { signedOrder: highestLock.signedOrder } : {}),
      authority: { type: 'driver', signature: proposing },
    },
    promises,
    lockCertificates,
  };
  const voted = await collect(voters, (voter) => askVote(voter, proposal, { context, signal }), committee);
  if (voted.type === 'short') return undefined;
  if (voted.type === 'resolved') return delivered(voted.certificate, dependencies);
  return finishSlot(quorumOf(proposal, voted.messages), dependencies);
}

async function delivered(certificate: CommitCertificate, dependencies: FinishDependencies): Promise<CommitCertificate> {
  await deliver(certificate, dependencies);
  return certificate;
}

async function askPromise(
  voter: Voter,
  newRound: SignedNewRound,
  { context, signal, witness }: CloseDependencies,
): Promise<Signed<ProvenPromise>> {
  const answer = await voter.openRound(newRound, signal);
  if (answer.type === 'resolved') return verifiedResolution(answer.certificate, newRound, context);
  const { promise } = answer.proven;
  const isAsked =
    promise.epoch === newRound.epoch && promise.round === newRound.round && equalSlots(promise.slot, newRound.slot);
  if (!isAsked || promise.signature.signer !== voter.signer) throw new PeerError('the promise is about something else');
  await verifyProvenPromise(context, answer.proven);
  witness.promise(answer.proven);
  return { type: 'signed', message: answer.proven };
}

async function askVote(
  voter: Voter,
  proposal: RoundProposal,
  { context, signal }: Pick<FinishDependencies, 'context' | 'signal'>,
): Promise<Signed<SignedBallot>> {
  const answer = await voter.voteInRound(proposal, signal);
  if (answer.type === 'resolved') return verifiedResolution(answer.certificate, proposal.proposal, context);
  assertAbout(answer.vote, proposal.proposal, voter);
  await verifyVote(context, answer.vote);
  return { type: 'signed', message: answer.vote };
}

function quorumOf({ proposal }: RoundProposal, votes: readonly SignedBallot[]): QuorumCertificate {
  const { epoch, slot, round, value, signedOrder } = proposal;
  const signatures = votes.map(({ signature }) => signature);
  return { type: 'quorum', epoch, slot, round, value, ...(signedOrder ? { signedOrder } : {}), signatures };
}
