import type { CommitCertificate } from '@fastpay/protocol';
import type {
  CommitAnswer,
  OrderSubmission,
  PromiseAnswer,
  ProposalSubmission,
  QuorumSubmission,
  RoundSubmission,
  VoteAnswer,
} from '@fastpay/rpc';

/**
 * One validator as the collector needs it. Nothing that it answers is believed before it is verified.
 * Every method MUST settle soon after `signal` aborts, and MUST fail with a RejectError only: the validator's refusal,
 * or TEMPORARILY_UNAVAILABLE when it did not answer.
 */
export interface ValidatorPort {
  /** Index in the committee. */
  readonly signer: number;
  vote(submission: OrderSubmission, signal: AbortSignal): Promise<VoteAnswer>;
  openRound(submission: RoundSubmission, signal: AbortSignal): Promise<PromiseAnswer>;
  voteInRound(submission: ProposalSubmission, signal: AbortSignal): Promise<VoteAnswer>;
  commit(submission: QuorumSubmission, signal: AbortSignal): Promise<CommitAnswer>;
  resolve(certificate: CommitCertificate, signal: AbortSignal): Promise<void>;
}
