import { type VerificationContext, verifyCommit, verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, equalSlots, type QuorumCertificate, type SignedBallot } from '@fastpay/protocol';
import { collect, type Signed } from './collect.ts';
import { PeerError } from './peer-error.ts';
import type { Voter } from './voter.ts';

export interface FinishDependencies {
  readonly context: VerificationContext;
  /** The whole committee as far as it is known, this validator first. */
  readonly voters: readonly Voter[];
  readonly signal: AbortSignal;
}

/**
 * Takes a quorum certificate to its commit certificate and hands that to everybody (§5 rule 7).
 * @returns What the slot holds now; undefined when too few commit to it.
 */
export async function finishSlot(
  certificate: QuorumCertificate,
  { context, voters, signal }: FinishDependencies,
): Promise<CommitCertificate | undefined> {
  const collected = await collect(
    voters,
    (voter) => askCommit(voter, certificate, { context, signal }),
    context.committee,
  );
  if (collected.type === 'short') return undefined;
  const resolution =
    collected.type === 'resolved' ? collected.certificate : certificateOf(certificate, collected.messages);
  await deliver(resolution, { voters, signal });
  return resolution;
}

/** Resolves when everybody was told or could not be: who is away fetches it later (§9). */
export async function deliver(
  certificate: CommitCertificate,
  { voters, signal }: Pick<FinishDependencies, 'voters' | 'signal'>,
): Promise<void> {
  const [own, ...others] = voters;
  await own?.resolve(certificate, signal);
  await Promise.allSettled(others.map((voter) => voter.resolve(certificate, signal)));
}

async function askCommit(
  voter: Voter,
  certificate: QuorumCertificate,
  { context, signal }: Pick<FinishDependencies, 'context' | 'signal'>,
): Promise<Signed<SignedBallot>> {
  const answer = await voter.commit(certificate, signal);
  if (answer.type === 'resolved') return verifiedResolution(answer.certificate, certificate, context);
  const { commit } = answer;
  assertAbout(commit, certificate, voter);
  await verifyCommit(context, commit);
  return { type: 'signed', message: commit };
}

/** @throws PeerError when a signed answer is about something else than was asked for, or of somebody else. */
export function assertAbout(
  ballot: SignedBallot,
  asked: Pick<QuorumCertificate, 'epoch' | 'slot' | 'round' | 'value'>,
  voter: Voter,
): void {
  const isAsked =
    ballot.epoch === asked.epoch &&
    ballot.round === asked.round &&
    ballot.value === asked.value &&
    equalSlots(ballot.slot, asked.slot);
  if (!isAsked || ballot.signature.signer !== voter.signer) throw new PeerError('the answer is about something else');
}

export async function verifiedResolution(
  certificate: CommitCertificate,
  { slot }: Pick<QuorumCertificate, 'slot'>,
  context: VerificationContext,
): Promise<{ readonly type: 'resolved'; readonly certificate: CommitCertificate }> {
  if (!equalSlots(certificate.slot, slot)) throw new PeerError('the certificate is of another slot');
  await verifyCommitCertificate(context, certificate);
  return { type: 'resolved', certificate };
}

function certificateOf(
  { epoch, slot, round, value, signedOrder }: QuorumCertificate,
  commits: readonly SignedBallot[],
): CommitCertificate {
  const signatures = commits.map(({ signature }) => signature);
  return { type: 'commit', epoch, slot, round, value, ...(signedOrder ? { signedOrder } : {}), signatures };
}
