import {
  type CommitCertificate,
  encodeCertificate,
  encodeSignedOrder,
  RejectError,
  type SignedOrder,
} from '@fastpay/protocol';

/** Refusals that more than one place gives. */

export function missingPredecessor(next: bigint): RejectError {
  return new RejectError('MISSING_PREDECESSOR', `slot ${next} of this account is not resolved here yet`, {
    expectedSequence: next,
  });
}

export function sequenceTooLow(next: bigint, certificate: CommitCertificate): RejectError {
  const { sequence } = certificate.slot;
  return new RejectError('SEQUENCE_TOO_LOW', `slot ${sequence} already holds something else, for good`, {
    expectedSequence: next,
    commitCertificate: encodeCertificate(certificate),
  });
}

export function equivocation(stored: SignedOrder | undefined): RejectError {
  return new RejectError(
    'EQUIVOCATION',
    'another payment of this account holds the slot here',
    stored ? { storedOrder: encodeSignedOrder(stored) } : {},
  );
}

export function staleRound(promisedRound: number): RejectError {
  return new RejectError('STALE_ROUND', `this validator signs nothing below round ${promisedRound} of this slot`, {
    promisedRound,
  });
}

export function equivocationInRound(round: number, stored: SignedOrder | undefined): RejectError {
  return new RejectError(
    'EQUIVOCATION',
    `this validator has signed ${stored ? 'another payment' : 'the cancelling of this slot'} in round ${round}`,
    stored ? { storedOrder: encodeSignedOrder(stored) } : {},
  );
}

/** A broken assumption, not a mistake of the sender's. */
export function haltedAccount(): RejectError {
  return new RejectError(
    'TEMPORARILY_UNAVAILABLE',
    'this account is halted here: evidence was seen that a third of the stake lied about it',
  );
}
