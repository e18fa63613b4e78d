import type {
  AccountAnswer,
  AccountId,
  Address,
  CommitCertificate,
  Evidence,
  Hash,
  ProvenPromise,
  QuorumCertificate,
  RejectError,
  RoundProposal,
  SignedBallot,
  SignedNewRound,
  SignedOrder,
  Stage,
} from '@fastpay/protocol';

/** What comes back while an order or a proposal is driven; nothing here is believed before it is verified. */
export type TransportPaymentEvent =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  | { readonly type: 'quorum'; readonly certificate: QuorumCertificate }
  | { readonly type: 'commit'; readonly commit: SignedBallot }
  | { readonly type: 'paid'; readonly certificate: CommitCertificate }
  | { readonly type: 'failure'; readonly signer: number; readonly reject: RejectError }
  | { readonly type: 'stalled'; readonly reject: RejectError };

/** What validators answered to a new round (§5 rule 4a); nothing in it is believed before it is verified. */
export interface CollectedPromises {
  readonly promises: readonly ProvenPromise[];
  readonly failures: readonly { readonly signer: number; readonly reject: RejectError }[];
  /** Present when the slot turned out to be resolved: there is nothing left to decide. */
  readonly certificate?: CommitCertificate;
}

/** The certificates that a payment rests on, oldest first, itself included (§6); to be verified. */
export interface FundingClosure {
  readonly certificates: readonly CommitCertificate[];
  /** Whether nothing is missing. Hearsay as long as nobody has followed the orders' parents. */
  readonly complete: boolean;
}

export interface BlockReference {
  readonly height: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

export interface ChainHead {
  readonly latest: BlockReference;
  readonly finalized: BlockReference;
}

export type AccountEvent =
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'deposited'; readonly account: AccountId; readonly amount: bigint }
  /** Its exit from the reserve was requested, cancelled or executed (§5 rule 6). */
  | { readonly type: 'exit'; readonly account: AccountId; readonly change: 'requested' | 'cancelled' | 'executed' }
  | ({ readonly type: 'settlement' } & SettlementHint)
  | { readonly type: 'keepAlive' };

/** Where a payment is said to stand on chain (§10). Nobody has signed it. */
export interface SettlementHint {
  readonly transactionHash: Hash;
  readonly stage: Stage;
  readonly settlement?: { readonly block: BlockReference; readonly transactionHash: Hash };
}

export interface ValidatorStatus {
  readonly signer: number;
  readonly reachable: boolean;
  /** Round trip as the relay saw it. */
  readonly latencyMs: number;
  readonly error: string;
  readonly checkedAtMs: number;
  readonly info?: {
    readonly name: string;
    readonly votingKey: Hash;
    readonly version: string;
    readonly uptimeMs: number;
    readonly votesSigned: bigint;
    readonly commitsSigned: bigint;
    readonly slotsResolved: bigint;
    readonly lastSignedAtMs: number;
    readonly finalizedHeight: bigint;
    /** It says that its store was lost or rolled back: it signs nothing (§5). */
    readonly observing: boolean;
  };
}

export interface PaymentStatus {
  readonly stage: Stage | undefined;
  readonly voteCount: number;
  readonly commitCount: number;
  readonly commitCertificate?: CommitCertificate;
  readonly settlement?: { readonly block: BlockReference; readonly transactionHash: Hash };
}

/** A page of one validator's log, filtered to one owner, oldest first. */
export interface AccountLogPage {
  /** In which the owner pays or is paid; to be verified. */
  readonly certificates: readonly CommitCertificate[];
  /** Hearsay about where its payments stand on chain, in the order of the log. */
  readonly settlements: readonly SettlementHint[];
  /** Pass as `afterCursor` for the next page. Cursors belong to one validator. */
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}

/**
 * How a client reaches the committee: through a relay today, straight to validators tomorrow. Every method throws
 * RejectError and nothing else, TEMPORARILY_UNAVAILABLE when the other side cannot be reached or is not understood,
 * and ends by itself within a bounded time, the watch excepted.
 */
export interface Transport {
  /** Ends after `paid` or `stalled`; MUST end soon after an abort. */
  submitPayment(
    request: { readonly signedOrder: SignedOrder; readonly attachments: readonly CommitCertificate[] },
    signal: AbortSignal,
  ): AsyncIterable<TransportPaymentEvent>;
  /** Asks every validator for its promise; resolves once a quorum promised, or cannot, and soon after an abort. */
  collectPromises(
    request: { readonly newRound: SignedNewRound; readonly attachments: readonly CommitCertificate[] },
    signal: AbortSignal,
  ): Promise<CollectedPromises>;
  /** Drives a value through a higher round. Ends after `paid` or `stalled`; MUST end soon after an abort. */
  submitProposal(
    request: RoundProposal & { readonly attachments: readonly CommitCertificate[] },
    signal: AbortSignal,
  ): AsyncIterable<TransportPaymentEvent>;
  deliverCertificate(certificate: CommitCertificate): Promise<void>;
  /** Empty and incomplete when no validator that answers has the payment. */
  fundingClosure(transactionHash: Hash): Promise<FundingClosure>;
  /** Proof of validators' misbehaviour that was published (§13); to be verified. */
  evidence(): Promise<readonly Evidence[]>;
  accountStatements(account: AccountId, clientNonce: Uint8Array): Promise<readonly AccountAnswer[]>;
  paymentStatus(transactionHash: Hash): Promise<PaymentStatus>;
  accountLog(request: {
    readonly owner: Address;
    /** Whose log. */
    readonly signer: number;
    /** 0 for the beginning. */
    readonly afterCursor: bigint;
  }): Promise<AccountLogPage>;
  /** Ends or throws when the connection is lost; MUST end soon after an abort. Keep-alives tell that it stands. */
  watchAccount(owner: Address, signal: AbortSignal): AsyncIterable<AccountEvent>;
  committeeStatus(): Promise<readonly ValidatorStatus[]>;
  chainHead(): Promise<ChainHead>;
}
