import type { SignedBallot } from './certificate.ts';
import { RejectError } from './reject.ts';
import { isBelowRound, type SignedPromise } from './round.ts';
import { equalSlots, type Slot } from './slot.ts';

/**
 * Proof that one validator broke the protocol (§13): two signed messages of one signer, for one epoch and slot, that no
 * honest validator signs both. Anyone can verify it with the committee alone.
 */
export type Evidence =
  /** Two votes of one round for different values. */
  | { readonly type: 'votes'; readonly first: SignedBallot; readonly second: SignedBallot }
  /** Two commits of one round for different values. */
  | { readonly type: 'commits'; readonly first: SignedBallot; readonly second: SignedBallot }
  /** A promise for a round, and a commit in a round below it but above the lock that the promise names. */
  | { readonly type: 'promise'; readonly promise: SignedPromise; readonly commit: SignedBallot };

/** Whom the evidence is about, and the slot in which it happened. */
export interface EvidenceSubject {
  readonly epoch: bigint;
  readonly slot: Slot;
  /** Index in the committee of the epoch. */
  readonly signer: number;
}

export function evidenceSubject(evidence: Evidence): EvidenceSubject {
  const { epoch, slot, signature } = evidence.type === 'promise' ? evidence.promise : evidence.first;
  return { epoch, slot, signer: signature.signer };
}

/**
 * Whether the two messages contradict each other, if both are signed as they say.
 * @throws RejectError INVALID_FORMAT when an honest validator could have signed both.
 */
export function assertContradicts(evidence: Evidence): void {
  const [left, right] =
    evidence.type === 'promise' ? [evidence.promise, evidence.commit] : [evidence.first, evidence.second];
  const isOneSigner = left.signature.signer === right.signature.signer;
  if (!isOneSigner || left.epoch !== right.epoch || !equalSlots(left.slot, right.slot)) {
    throw new RejectError('INVALID_FORMAT', 'the messages are not of one signer, epoch and slot');
  }
  const contradicts = evidence.type === 'promise' ? breaksPromise(evidence) : disagrees(evidence);
  if (!contradicts) throw new RejectError('INVALID_FORMAT', 'an honest validator can have signed both messages');
}

function disagrees({ first, second }: Extract<Evidence, { readonly first: SignedBallot }>): boolean {
  return first.round === second.round && first.value !== second.value;
}

/** l < c < r: the lock that the promise names is older than a commit given before it, or the commit came after. */
function breaksPromise({ promise, commit }: Extract<Evidence, { type: 'promise' }>): boolean {
  const { lock } = promise;
  return (!lock || isBelowRound(lock, commit)) && isBelowRound(commit, promise);
}
