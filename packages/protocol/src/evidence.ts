import type { SignedBallot } from './certificate.ts';
import type { SignedPromise } from './round.ts';

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
