import { type Ballot, type CommitCertificate, type Hash, type SignedOrder, slotKey, slotOf } from '@fastpay/protocol';
import type { OrderSubmission, ProposalSubmission, VoteAnswer } from '@fastpay/rpc';
import type { ValidatorPort } from './validator-port.ts';

/** A verified value on its way through one round to a commit certificate. */
export interface DrivenValue extends Ballot {
  /** Absent exactly when the value is SKIP. */
  readonly signedOrder?: SignedOrder;
  readonly attachments: readonly CommitCertificate[];
  /** Asks one validator for its vote. */
  vote(validator: ValidatorPort, signal: AbortSignal): Promise<VoteAnswer>;
}

/** An order in the normal course; its payer's signature has been verified, and `value` is its hash. */
export function drivenOrder(submission: OrderSubmission, value: Hash): DrivenValue {
  return {
    slot: slotOf(submission.signedOrder.order),
    round: 0,
    value,
    ...submission,
    vote: (validator, signal) => validator.vote(submission, signal),
  };
}

/** What an owner puts forward in a higher round; its signatures and the promises have been verified. */
export function drivenProposal(submission: ProposalSubmission): DrivenValue {
  const { slot, round, value, signedOrder } = submission.proposal;
  return {
    slot,
    round,
    value,
    ...(signedOrder ? { signedOrder } : {}),
    attachments: submission.attachments,
    vote: (validator, signal) => validator.voteInRound(submission, signal),
  };
}

/** Equal for what can share the work: the hash of an order in the normal course. */
export function drivenKey({ slot, round, value }: Ballot): string {
  return round === 0 ? value : `${slotKey(slot)}/${round}/${value}`;
}
