import {
  type VerificationContext,
  verifyCommit,
  verifyCommitCertificate,
  verifyQuorumCertificate,
  verifyVote,
} from '@fastpay/crypto';
import {
  type Ballot,
  type CommitCertificate,
  decodeCommitCertificate,
  decodeSignedOrder,
  equalSlots,
  quorumStake,
  RejectError,
  type SignedBallot,
  type SignedOrder,
  type SignerSignature,
  stakeOfDistinct,
} from '@fastpay/protocol';
import type { TransportPaymentEvent } from '../transport.ts';

/** A value on its way through one round: an order in round 0, or what a higher round put forward. */
export interface DrivenValue extends Ballot {
  /** Absent exactly when the value is SKIP. */
  readonly signedOrder?: SignedOrder;
}

/** What one event proved, if anything. */
export type Finding =
  | { readonly type: 'progress' }
  /** A verified commit certificate for the slot: over this value, or over another one. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  /** Another order for the slot, said to be held by a validator; not verified yet. */
  | { readonly type: 'rival'; readonly signedOrder: SignedOrder }
  | { readonly type: 'nothing' };

/**
 * Gathers evidence for one value in one slot and round. Only what verifies against the pinned committee counts, each
 * validator once (§7 rule 4); nothing here depends on who delivers it.
 */
export interface Collector {
  readonly votes: readonly number[];
  readonly commits: readonly number[];
  readonly isCertified: boolean;
  /** Hearsay, by signer. */
  readonly failures: ReadonlyMap<number, RejectError>;
  take(event: TransportPaymentEvent): Promise<Finding>;
}

const NOTHING: Finding = { type: 'nothing' };
const PROGRESS: Finding = { type: 'progress' };

export function createCollector(context: VerificationContext, driven: DrivenValue): Collector {
  const { committee } = context;
  const votes = new Set<number>();
  const commits = new Map<number, Map<number, SignerSignature>>();
  const failures = new Map<number, RejectError>();
  let certified = false;

  const isOurs = (ballot: Ballot) => equalSlots(ballot.slot, driven.slot) && ballot.value === driven.value;
  const isQuorum = (signers: Iterable<number>) =>
    (stakeOfDistinct(committee, [...signers]) ?? 0n) >= quorumStake(committee);

  function settleFailure(signer: number): void {
    failures.delete(signer);
  }

  async function takeVote(vote: SignedBallot): Promise<Finding> {
    const { signer } = vote.signature;
    if (vote.round !== driven.round || !isOurs(vote) || votes.has(signer)) return NOTHING;
    await verifyVote(context, vote);
    votes.add(signer);
    settleFailure(signer);
    certified ||= isQuorum(votes);
    return PROGRESS;
  }

  async function takeCommit(commit: SignedBallot): Promise<Finding> {
    const { round, signature } = commit;
    const ofRound = commits.get(round) ?? new Map<number, SignerSignature>();
    if (!isOurs(commit) || ofRound.has(signature.signer)) return NOTHING;
    await verifyCommit(context, commit);
    commits.set(round, ofRound.set(signature.signer, signature));
    settleFailure(signature.signer);
    if (!isQuorum(ofRound.keys())) return PROGRESS;
    // Enough to make the certificate here, whether or not the relay ever sends it.
    return takeCertificate({
      type: 'commit',
      epoch: commit.epoch,
      slot: driven.slot,
      round,
      value: driven.value,
      ...(driven.signedOrder ? { signedOrder: driven.signedOrder } : {}),
      signatures: [...ofRound.values()].sort((left, right) => left.signer - right.signer),
    });
  }

  async function takeCertificate(certificate: CommitCertificate): Promise<Finding> {
    if (!equalSlots(certificate.slot, driven.slot)) return NOTHING;
    await verifyCommitCertificate(context, certificate);
    if (certificate.value === driven.value) {
      const ofRound = commits.get(certificate.round) ?? new Map<number, SignerSignature>();
      for (const signature of certificate.signatures) ofRound.set(signature.signer, signature);
      commits.set(certificate.round, ofRound);
      certified = true;
    }
    return { type: 'resolved', certificate };
  }

  function takeFailure(signer: number, reject: RejectError): Promise<Finding> | Finding {
    if (!committee.members[signer]) return NOTHING;
    const { commitCertificate, storedOrder } = reject.facts;
    const hasCommitted = [...commits.values()].some((ofRound) => ofRound.has(signer));
    if (!hasCommitted) failures.set(signer, reject);
    if (commitCertificate) return takeCertificate(decodeCommitCertificate(commitCertificate));
    if (storedOrder) return { type: 'rival', signedOrder: decodeSignedOrder(storedOrder) };
    return PROGRESS;
  }

  async function takeAny(event: TransportPaymentEvent): Promise<Finding> {
    switch (event.type) {
      case 'vote':
        return takeVote(event.vote);
      case 'quorum':
        if (certified || !isOurs(event.certificate)) return NOTHING;
        await verifyQuorumCertificate(context, event.certificate);
        if (event.certificate.round === driven.round) {
          for (const { signer } of event.certificate.signatures) votes.add(signer);
        }
        certified = true;
        return PROGRESS;
      case 'commit':
        return takeCommit(event.commit);
      case 'paid':
        return takeCertificate(event.certificate);
      case 'failure':
        return takeFailure(event.signer, event.reject);
      case 'stalled': {
        const { commitCertificate } = event.reject.facts;
        return commitCertificate ? takeCertificate(decodeCommitCertificate(commitCertificate)) : NOTHING;
      }
    }
  }

  return {
    get votes() {
      return ascending(votes);
    },
    get commits() {
      return ascending(new Set([...commits.values()].flatMap((ofRound) => [...ofRound.keys()])));
    },
    get isCertified() {
      return certified;
    },
    get failures() {
      return new Map(failures);
    },
    async take(event) {
      try {
        return await takeAny(event);
      } catch (error) {
        // Forged, altered or garbled: it proves nothing, and who sent it is not known either.
        if (error instanceof RejectError) return NOTHING;
        throw error;
      }
    },
  };
}

function ascending(signers: ReadonlySet<number>): readonly number[] {
  return [...signers].sort((left, right) => left - right);
}
