import { type Secp256k1Signer, verifyProvenPromise, verifyVote } from '@fastpay/crypto';
import {
  type CommitCertificate,
  chooseValue,
  type ProvenPromise,
  type QuorumCertificate,
  quorumStake,
  RejectError,
  type SignedBallot,
  type SignedOrder,
  type Slot,
  stakeOfDistinct,
} from '@fastpay/protocol';
import type { Validator } from '../validator.ts';
import { contextOf, newRoundOf, proposalOf } from './rounds.fixtures.ts';
import { AT_NOW, commitOf, quorumOf, slotAt, type World } from './world.fixtures.ts';

/** What an owner does to end a slot (§5 rule 4, §7 rule 3), one message after the other, against real validators. */

export type Reached = readonly Validator[];

export function isQuorum({ network }: World, ballots: readonly SignedBallot[]): boolean {
  const signers = ballots.map(({ signature }) => signature.signer);
  return (stakeOfDistinct(network.committee, signers) ?? 0n) >= quorumStake(network.committee);
}

/** What comes of a request at each validator; refusals count as nothing. */
export async function ask<Answer>(
  validators: Reached,
  request: (validator: Validator) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const outcomes = await Promise.allSettled(validators.map(request));
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    if (outcome.reason instanceof RejectError) return [];
    throw outcome.reason;
  });
}

export async function collectPromises(
  world: World,
  owner: Secp256k1Signer,
  round: number,
  validators: Reached,
  slot: Slot = slotAt(owner, 0n),
): Promise<readonly ProvenPromise[]> {
  const newRound = await newRoundOf(world, owner, round, slot);
  const answers = await ask(validators, (validator) => validator.openRound({ newRound, attachments: [] }, AT_NOW));
  const proven = answers.flatMap((answer) => (answer.type === 'promise' ? [answer.proven] : []));
  for (const each of proven) await verifyProvenPromise(contextOf(world), each);
  return proven;
}

/** Votes on what the promises allow: the highest lock's value, else what the owner wants. */
export async function collectVotes(
  world: World,
  owner: Secp256k1Signer,
  round: number,
  validators: Reached,
  proven: readonly ProvenPromise[],
  wanted: SignedOrder | undefined,
): Promise<QuorumCertificate | undefined> {
  const { promises, lockCertificates, highestLock } = chooseValue(proven);
  const order = highestLock ? highestLock.signedOrder : wanted;
  const proposal = await proposalOf(world, owner, round, order);
  const request = { proposal, promises, lockCertificates, attachments: [] };
  const answers = await ask(validators, (validator) => validator.voteInRound(request, AT_NOW));
  const votes = answers.flatMap((answer) => (answer.type === 'vote' ? [answer.vote] : []));
  for (const vote of votes) await verifyVote(contextOf(world), vote);
  return isQuorum(world, votes) ? quorumOf(votes, order) : undefined;
}

export async function collectCommits(
  world: World,
  certificate: QuorumCertificate,
  validators: Reached,
): Promise<CommitCertificate | undefined> {
  const answers = await ask(validators, (validator) => validator.commit({ certificate, attachments: [] }, AT_NOW));
  const commits = answers.flatMap((answer) => (answer.type === 'commit' ? [answer.commit] : []));
  return isQuorum(world, commits) ? commitOf(commits, certificate.signedOrder) : undefined;
}

/** One whole round that nobody disturbs; undefined when it did not come to a certificate. */
export async function endSlot(
  world: World,
  owner: Secp256k1Signer,
  round: number,
  validators: Reached,
  wanted: SignedOrder | undefined,
): Promise<CommitCertificate | undefined> {
  const proven = await collectPromises(world, owner, round, validators);
  const promised = proven.map(({ promise }) => promise.signature.signer);
  const { committee } = world.network;
  if ((stakeOfDistinct(committee, promised) ?? 0n) < quorumStake(committee)) return undefined;
  const qc = await collectVotes(world, owner, round, validators, proven, wanted);
  return qc && collectCommits(world, qc, validators);
}
