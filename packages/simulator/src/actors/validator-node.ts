import type {
  AccountAnswer,
  AccountId,
  CommitCertificate,
  Hash,
  QuorumCertificate,
  RoundProposal,
  SignedNewRound,
  SignedOrder,
} from '@fastpay/protocol';
import type {
  BulletinPage,
  BulletinQuery,
  CertificatePage,
  CommitAnswer,
  FundingClosure,
  PaymentView,
  PromiseAnswer,
  VoteAnswer,
} from '@fastpay/validator';
import type { Endpoint } from '../network/network.ts';

type WithAttachments = { readonly attachments: readonly CommitCertificate[] };
export type VoteRequest = WithAttachments & { readonly signedOrder: SignedOrder };
export type CommitRequest = WithAttachments & { readonly certificate: QuorumCertificate };
export type NewRoundRequest = WithAttachments & { readonly newRound: SignedNewRound };
export type ProposalRequest = WithAttachments & RoundProposal;

/** A member of the committee as the others see it: honest or not, up or down. Answers with RejectErrors or values. */
export interface ValidatorNode extends Endpoint {
  readonly signer: number;
  readonly isByzantine: boolean;
  vote(request: VoteRequest): Promise<VoteAnswer>;
  commit(request: CommitRequest): Promise<CommitAnswer>;
  resolve(certificate: CommitCertificate): Promise<boolean>;
  openRound(request: NewRoundRequest): Promise<PromiseAnswer>;
  voteInRound(request: ProposalRequest): Promise<VoteAnswer>;
  account(id: AccountId, clientNonce: Uint8Array): Promise<AccountAnswer>;
  payment(transactionHash: Hash): Promise<PaymentView | undefined>;
  fundingClosure(transactionHash: Hash): Promise<FundingClosure | undefined>;
  bulletin(query: BulletinQuery): Promise<BulletinPage>;
  certificates(query: { readonly afterCursor: bigint; readonly limit: number }): Promise<CertificatePage>;
}
