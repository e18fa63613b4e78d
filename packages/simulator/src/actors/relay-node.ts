import type { AccountLogPage, CollectedPromises, FundingClosure, TransportPaymentEvent } from '@fastpay/client';
import type { AccountAnswer, AccountId, Address, CommitCertificate, Evidence, Hash } from '@fastpay/protocol';
import type { Endpoint } from '../network/network.ts';
import type { NewRoundRequest, ProposalRequest, VoteRequest } from './validator-node.ts';

export type Emit = (event: TransportPaymentEvent) => void;

/** A relay as a wallet reaches it. Answers with RejectErrors or values; nothing of it is believed. */
export interface RelayNode extends Endpoint {
  /** Ends after `paid` or `stalled`. */
  submit(request: VoteRequest, emit: Emit): Promise<void>;
  collectPromises(request: NewRoundRequest): Promise<CollectedPromises>;
  /** Ends after `paid` or `stalled`. */
  submitProposal(request: ProposalRequest, emit: Emit): Promise<void>;
  deliver(certificate: CommitCertificate): Promise<void>;
  fundingClosure(transactionHash: Hash): Promise<FundingClosure>;
  evidence(): Promise<readonly Evidence[]>;
  statements(account: AccountId, clientNonce: Uint8Array): Promise<readonly AccountAnswer[]>;
  accountLog(request: AccountLogRequest): Promise<AccountLogPage>;
}

export interface AccountLogRequest {
  readonly owner: Address;
  readonly signer: number;
  readonly afterCursor: bigint;
}
