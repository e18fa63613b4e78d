import type {
  AccountId,
  Certificate,
  CommitCertificate,
  Hash,
  QuorumCertificate,
  SignedBallot,
  SignedOrder,
  SignedStatement,
  Slot,
  Stage,
} from '@fastpay/protocol';

/** What the caller knows about the world at the time of one request; the state machine has no clock of its own. */
export interface Surroundings {
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** A finalized block, as far as the ledger cares. */
export interface FinalizedBlock {
  readonly height: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** A `Deposited` event of the reserve in a finalized block (§5 rule 5). */
export interface Deposit {
  readonly index: bigint;
  readonly account: AccountId;
  readonly amount: bigint;
  readonly block: FinalizedBlock;
}

export type VoteAnswer =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type CommitAnswer =
  | { readonly type: 'commit'; readonly commit: SignedBallot }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export interface AccountAnswer {
  readonly signed: SignedStatement;
  /** Whether this ledger has an entry for the account; paying one without costs the surcharge. */
  readonly known: boolean;
  /** The order voted for in the open slot, if any. */
  readonly pendingOrder?: SignedOrder;
}

/** Where a settled payment was seen on chain. */
export interface SettlementReference {
  readonly block: FinalizedBlock;
  readonly transactionHash: Hash;
}

export interface PaymentView {
  readonly transactionHash: Hash;
  readonly stage: Stage;
  readonly signedOrder: SignedOrder;
  readonly commitCertificate?: CommitCertificate;
  readonly settlement?: SettlementReference;
}

export type BulletinEvent =
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'deposited'; readonly deposit: Deposit }
  | {
      readonly type: 'settlement';
      /** What the slot holds: of a skipped slot, SKIP. */
      readonly transactionHash: Hash;
      readonly stage: SettlementObservation['stage'];
      readonly certificate: CommitCertificate;
      readonly settlement?: SettlementReference;
    };

export interface BulletinEntry {
  /** Assigned by this validator, ascending from 1, never reused. */
  readonly cursor: bigint;
  readonly event: BulletinEvent;
}

export interface BulletinQuery {
  readonly afterCursor: bigint;
  /** 1 to limits.bulletinPage. */
  readonly limit: number;
  readonly transactionHash?: Hash;
  /** Entries in which this owner pays, is paid or deposits. */
  readonly owner?: AccountId['owner'];
}

export interface BulletinPage {
  readonly entries: readonly BulletinEntry[];
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}

/** A payment's observed standing on chain, reported by the chain watcher (§10). */
export interface SettlementObservation {
  readonly account: AccountId;
  readonly sequence: bigint;
  readonly value: Hash;
  readonly stage: 'INCLUDED' | 'FINALIZED' | 'QUEUED_ONCHAIN';
  readonly settlement?: SettlementReference;
}

/** What this validator has signed and resolved, counted durably over all its lives. */
export interface ValidatorCounters {
  readonly votesSigned: bigint;
  readonly commitsSigned: bigint;
  readonly slotsResolved: bigint;
  /** Unix milliseconds of the last vote or commit; 0 before the first. */
  readonly lastSignedAtMs: bigint;
}

/**
 * Proof that an assumption of the protocol is broken: a third of the stake lied, or the chain settled what no
 * certificate here says. The account is halted; people have to look.
 */
export interface SafetyAlarm {
  readonly slot: Slot;
  readonly reason: 'conflictingCommits' | 'conflictingQuorums' | 'settledOtherwise';
  /** The evidence, verifiable by anyone: both certificates, or the one that the chain contradicts. */
  readonly certificates: readonly Certificate[];
  readonly settlement?: SettlementReference;
}

/**
 * The validator's state machine (§5). Every method that returns a signature resolves only after the record
 * behind it is durable; a repeated request gets the stored answer. Refusals are RejectErrors and change nothing.
 */
export interface Validator {
  /** Rule 1. Attachments are resolved first (rule 3). */
  vote(
    request: { readonly signedOrder: SignedOrder; readonly attachments: readonly CommitCertificate[] },
    surroundings: Surroundings,
  ): Promise<VoteAnswer>;

  /** Rule 2. */
  commit(
    request: { readonly certificate: QuorumCertificate; readonly attachments: readonly CommitCertificate[] },
    surroundings: Surroundings,
  ): Promise<CommitAnswer>;

  /** Rule 3. Resolves when the resolution is durable; `false` when it was known before. */
  resolve(certificate: CommitCertificate): Promise<boolean>;

  /**
   * Rule 5: takes in the deposits of finalized blocks up to and including `finalized`, in index order, each once,
   * and moves the ledger's view of the chain there. Deposits taken in before are passed over when they are the same.
   * Throws ChainMismatchError, and changes nothing, when the blocks or deposits contradict those taken in before.
   */
  applyFinalized(finalized: FinalizedBlock, deposits: readonly Deposit[]): Promise<void>;

  /** Stage changes seen on chain (§10). What is known already, or would move a stage backwards, changes nothing. */
  applySettlements(observations: readonly SettlementObservation[]): Promise<void>;

  account(id: AccountId, clientNonce: Uint8Array, surroundings: Surroundings): Promise<AccountAnswer>;
  payment(transactionHash: Hash): PaymentView | undefined;
  bulletin(query: BulletinQuery): BulletinPage;
  /** Called with each new bulletin entry once it is durable, in cursor order; returns the unsubscribe function. */
  onBulletinEntry(listener: (entry: BulletinEntry) => void): () => void;
  /** The last finalized block taken in. */
  finalized(): FinalizedBlock | undefined;
  /** Index that the next deposit must have. */
  nextDepositIndex(): bigint;
  /** Identity of this store, 16 bytes, made when it was created: cursors belong to it (§9). */
  storeId(): Uint8Array;
  counters(): ValidatorCounters;
  /** The first alarms by account, at most `validatorLimits.alarms`; none while the protocol's assumptions hold. */
  alarms(): readonly SafetyAlarm[];
  /** Why everything is refused now: a write failed, so what is stored and what was decided may differ. */
  failure(): Error | undefined;
}
