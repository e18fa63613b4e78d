import {
  type Certificate,
  type Evidence,
  type ProvenPromise,
  type RoundProposal,
  type SignedBallot,
  type SignedPromise,
  slotKey,
} from '@fastpay/protocol';

/**
 * Compares what validators signed, wherever it is met, and tells when one of them contradicts itself (§13). Only
 * messages that passed verification are shown to it. It remembers a bounded number of recent slots: what it forgets
 * costs a proof, never safety.
 */
export interface Witness {
  quorum(certificate: Certificate): void;
  commits(certificate: Certificate): void;
  promise(proven: ProvenPromise): void;
  proposal(proposal: RoundProposal): void;
}

export interface WitnessOptions {
  /** Slots remembered; the one seen longest ago goes first. */
  readonly slots: number;
  /** Messages of one kind remembered in a slot. */
  readonly messagesPerSlot: number;
}

export const witnessBounds: WitnessOptions = { slots: 2_000, messagesPerSlot: 256 };

interface Seen {
  readonly votes: SignedBallot[];
  readonly commits: SignedBallot[];
  readonly promises: SignedPromise[];
}

export function createWitness(
  { slots, messagesPerSlot }: WitnessOptions,
  { onEvidence }: { readonly onEvidence: (evidence: Evidence) => void },
): Witness {
  const bySlot = new Map<string, Seen>();

  function seenOf(slot: Certificate['slot']): Seen {
    const key = slotKey(slot);
    const seen = bySlot.get(key) ?? { votes: [], commits: [], promises: [] };
    bySlot.delete(key);
    bySlot.set(key, seen);
    if (bySlot.size > slots) {
      const [oldest] = bySlot.keys();
      if (oldest !== undefined) bySlot.delete(oldest);
    }
    return seen;
  }

  function remember<Message>(messages: Message[], message: Message): void {
    if (messages.length < messagesPerSlot) messages.push(message);
  }

  /** Ballots of one kind: two of one signer and round must not differ. */
  function addBallots(type: 'votes' | 'commits', certificate: Certificate): void {
    const seen = seenOf(certificate.slot);
    for (const second of ballotsOf(certificate)) {
      const first = seen[type].find((ballot) => isSame(ballot, second));
      if (first?.value === second.value) continue;
      if (first) onEvidence({ type, first, second });
      else remember(seen[type], second);
      if (type === 'commits') for (const promise of seen.promises) compare(promise, second);
    }
  }

  function addPromise(promise: SignedPromise): void {
    const { promises, commits } = seenOf(promise.slot);
    const isKnown = promises.some(
      (known) => known.round === promise.round && isOneSigner(known, promise) && known.epoch === promise.epoch,
    );
    if (!isKnown) remember(promises, promise);
    for (const commit of commits) compare(promise, commit);
  }

  /** lock < commit < promise: the commit came after the promise, or the promise hides it. */
  function compare(promise: SignedPromise, commit: SignedBallot): void {
    if (!isOneSigner(promise, commit) || promise.epoch !== commit.epoch) return;
    const { lock } = promise;
    const lockRound = lock && lock.epoch === commit.epoch ? lock.round : -1;
    if (lockRound < commit.round && commit.round < promise.round) onEvidence({ type: 'promise', promise, commit });
  }

  return {
    quorum: (certificate) => addBallots('votes', certificate),
    commits: (certificate) => addBallots('commits', certificate),
    promise({ promise, lockCertificate }) {
      addPromise(promise);
      if (lockCertificate) addBallots('votes', lockCertificate);
    },
    proposal({ promises, lockCertificates }) {
      for (const promise of promises) addPromise(promise);
      for (const certificate of lockCertificates) addBallots('votes', certificate);
    },
  };
}

function ballotsOf({ epoch, slot, round, value, signatures }: Certificate): readonly SignedBallot[] {
  return signatures.map((signature) => ({ epoch, slot, round, value, signature }));
}

interface Signed {
  readonly epoch: bigint;
  readonly round: number;
  readonly signature: { readonly signer: number };
}

function isOneSigner(left: Signed, right: Signed): boolean {
  return left.signature.signer === right.signature.signer;
}

function isSame(left: Signed, right: Signed): boolean {
  return isOneSigner(left, right) && left.round === right.round && left.epoch === right.epoch;
}
