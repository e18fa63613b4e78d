import type { QuorumCertificate, SignerSignature } from './certificate.ts';
import type { Ballot, Lock } from './messages.ts';
import type { SignedOrder } from './order.ts';
import type { Slot } from './slot.ts';

/** The messages of a higher round (§5 rules 4 and 6), as they travel with their signatures. */

/** Whether the first round comes before the second: they are ordered by (epoch, round) (§4). */
export function isBelowRound(
  left: { readonly epoch: bigint; readonly round: number },
  right: { readonly epoch: bigint; readonly round: number },
): boolean {
  return left.epoch === right.epoch ? left.round < right.round : left.epoch < right.epoch;
}

/**
 * On whose word a round is opened or a value proposed: the owner's, below `limits.firstExitRound`; or, from there on,
 * that of the validator whose turn it is, while the account's exit stands requested (§5 rule 6).
 */
export type RoundAuthority =
  | {
      readonly type: 'owner';
      /** A Tempo signature over the message's EIP-712 digest. */
      readonly signature: Uint8Array;
    }
  | {
      readonly type: 'driver';
      /** Ed25519 over `driverBytes` of the message's digest. */
      readonly signature: SignerSignature;
    };

/** A call to open `round` in a slot (§4 New round). */
export interface SignedNewRound {
  readonly epoch: bigint;
  readonly slot: Slot;
  /** 1 ≤ round < 2^32. */
  readonly round: number;
  readonly authority: RoundAuthority;
}

/** A value put forward for a round (§4 Propose). */
export interface SignedProposal extends Ballot {
  readonly epoch: bigint;
  /** The order that hashes to `value`, with its payer's signature; absent exactly when `value` is SKIP. */
  readonly signedOrder?: SignedOrder;
  readonly authority: RoundAuthority;
}

/** One validator's word that it signs nothing below `round` in this slot any more, and what it is locked on. */
export interface SignedPromise {
  readonly epoch: bigint;
  readonly slot: Slot;
  readonly round: number;
  readonly lock?: Lock;
  /** Ed25519 over `promiseBytes`. */
  readonly signature: SignerSignature;
}

/** A promise as a validator gives it: with the quorum certificate that proves its lock. */
export interface ProvenPromise {
  readonly promise: SignedPromise;
  /** Present exactly when the promise names a lock, and for that epoch, slot, round and value. */
  readonly lockCertificate?: QuorumCertificate;
}

/** What a vote in a higher round is asked with (§5 rule 4b). */
export interface RoundProposal {
  readonly proposal: SignedProposal;
  /** For the proposal's epoch, slot and round, from distinct signers with stake ≥ q. */
  readonly promises: readonly SignedPromise[];
  /** For each lock that a promise names, its certificate; each (epoch, round, value) once. */
  readonly lockCertificates: readonly QuorumCertificate[];
}
