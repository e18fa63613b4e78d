import { RejectError } from '@fastpay/protocol';

/** Refusals that more than one rule gives. */

export function missingPredecessor(next: bigint): RejectError {
  return new RejectError('MISSING_PREDECESSOR', `slot ${next} of this account is not resolved here yet`, {
    expectedSequence: next,
  });
}

/** Two certificates for one slot: a broken assumption, not a mistake of the sender's. */
export function halted(): RejectError {
  return new RejectError(
    'TEMPORARILY_UNAVAILABLE',
    'this account is halted: two certificates for one slot were seen, which takes a third of the stake to lie',
  );
}
