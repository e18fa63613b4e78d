import type {
  AccountAnswer,
  AccountId,
  BatchEntry,
  Certificate,
  CommitCertificate,
  Evidence,
  Hash,
  ProvenPromise,
  QuorumCertificate,
  RoundProposal,
  SignedBallot,
  SignedNewRound,
  SignedOrder,
  SignerSignature,
  Slot,
  Stage,
} from '@fastpay/protocol';
import type { ObservingReason } from './rules/marker.ts';

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

/** An exit event of the reserve in a finalized block (§5 rule 6), in the order of the chain. */
export type ExitEvent =
  | {
      readonly type: 'requested';
      readonly account: AccountId;
      /** Unix seconds: from then on the reserve lets the owner take everything out. */
      readonly readyAt: bigint;
      readonly block: FinalizedBlock;
    }
  | { readonly type: 'cancelled'; readonly account: AccountId; readonly block: FinalizedBlock }
  | {
      readonly type: 'executed';
      readonly account: AccountId;
      /** Base units that left. */
      readonly amount: bigint;
      readonly block: FinalizedBlock;
    };

/** What finalized blocks hold of the reserve's events. */
export interface FinalizedEvents {
  /** In index order. */
  readonly deposits: readonly Deposit[];
  /** In chain order. Those of blocks taken in before are passed over. */
  readonly exits: readonly ExitEvent[];
}

/**
 * An account whose exit stands requested, or whose slot validators began to close before the exit was cancelled or
 * executed; and what is left to do about it.
 */
export interface ExitingAccount {
  readonly account: AccountId;
  /** Unix seconds; absent when the exit does not stand any more, and only the slot has to be ended. */
  readonly readyAt?: bigint;
  /** The slot that has to be closed: something was voted, committed to or promised in it here. */
  readonly openSlot?: { readonly slot: Slot; readonly promisedRound: number };
  /** Resolved payments of it, out and in, that were not seen settled yet. */
  readonly unsettled: number;
}

/** A resolved slot that was not seen final on chain yet: work for the settler. */
export interface OutboxItem {
  /** Of the log line that resolved it; ascending. */
  readonly cursor: bigint;
  readonly certificate: CommitCertificate;
  /** When it was resolved here, unix milliseconds. */
  readonly resolvedAtMs: number;
  readonly stage: 'QUEUED_ONCHAIN' | 'INCLUDED';
}

/** The quorum certificate that an open slot is locked on, and since when (§5 rule 7). */
export interface StaleLock {
  /** Unix milliseconds, by the clock of whoever asked for the commit. */
  readonly lockedAtMs: number;
  readonly certificate: QuorumCertificate;
}

export interface StaleLockQuery {
  /** Locks made earlier than this, unix milliseconds. */
  readonly lockedBeforeMs: number;
  /** 1 to `validatorLimits.staleLocks`. */
  readonly limit: number;
  /** Only those behind this one of an answer before. */
  readonly after?: StaleLock;
}

/** A page of resolutions for another sidecar (§9). */
export interface CertificatePage {
  readonly certificates: readonly CommitCertificate[];
  /** Pass as `afterCursor` for the next page. */
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}

/** The unsettled certificates that a payment rests on, oldest first, itself included (§6). */
export interface FundingClosure {
  readonly certificates: readonly CommitCertificate[];
  /** False when some are not known here, or they are more than `limits.closureCertificates`. */
  readonly complete: boolean;
}

/**
 * signing: takes part. observing: never signs anything (§5, a store that was lost or rolled back); it resolves, follows
 * the chain and answers questions that need no signature.
 */
export type ValidatorMode = 'signing' | 'observing';
export type { ObservingReason };

export type PromiseAnswer =
  | { readonly type: 'promise'; readonly proven: ProvenPromise }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type VoteAnswer =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type CommitAnswer =
  | { readonly type: 'commit'; readonly commit: SignedBallot }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

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
  | { readonly type: 'exit'; readonly exit: ExitEvent }
  | { readonly type: 'evidence'; readonly evidence: Evidence }
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
 * An assumption of the protocol is broken: a third of the stake lied, or the chain settled what no certificate here
 * says, and the account is halted; or (`unsettledAtExit`) an owner took money out before a payment of it was settled,
 * and the payment is named: it can be settled once somebody deposits the shortfall to the account. People have to look.
 */
export interface SafetyAlarm {
  readonly slot: Slot;
  readonly reason: 'conflictingCommits' | 'conflictingQuorums' | 'settledOtherwise' | 'unsettledAtExit';
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
  resolve(certificate: CommitCertificate, surroundings: Surroundings): Promise<boolean>;

  /** Rule 4a: promises to sign nothing below the round any more, and says what it is locked on. */
  openRound(
    request: { readonly newRound: SignedNewRound; readonly attachments: readonly CommitCertificate[] },
    surroundings: Surroundings,
  ): Promise<PromiseAnswer>;

  /** Rule 4b: a vote in a round ≥ 1. */
  voteInRound(
    request: RoundProposal & { readonly attachments: readonly CommitCertificate[] },
    surroundings: Surroundings,
  ): Promise<VoteAnswer>;

  /**
   * Rule 7: locks of open slots that are older than a time, the oldest first. Whoever holds them pushes their
   * certificates to a commit certificate; a slot leaves the list when it is resolved.
   */
  staleLocks(query: StaleLockQuery): readonly StaleLock[];

  /**
   * Rules 5 and 6: takes in the deposits and exits of finalized blocks up to and including `finalized`, each once, and
   * moves the ledger's view of the chain there. What was taken in before is passed over when it is the same.
   * Throws ChainMismatchError, and changes nothing, when blocks or events contradict those taken in before.
   */
  applyFinalized(finalized: FinalizedBlock, events: FinalizedEvents): Promise<void>;

  /** By address, at most `limit`, those after `after`: whoever looks after all of them goes on where it stopped. */
  exitingAccounts(limit: number, after?: AccountId): readonly ExitingAccount[];

  /** Rule 6: this validator's signature under `driverBytes` of a NewRound or Propose digest. Refused out of turn. */
  drive(
    message:
      | { readonly type: 'newRound'; readonly slot: Slot; readonly round: number }
      | { readonly type: 'propose'; readonly slot: Slot; readonly round: number; readonly value: Hash },
    surroundings: Surroundings,
  ): Promise<SignerSignature>;

  /**
   * Signs that every slot of the batch is resolved here with that value (§4 Batch attestation); 1 to
   * `limits.batchEntries` of them.
   * @throws RejectError MISSING_PREDECESSOR when one is not: send its certificate first.
   */
  attest(entries: readonly BatchEntry[]): Promise<SignerSignature>;

  /** Oldest first, skipped slots among payments; only durable ones. */
  outbox(query: { readonly afterCursor: bigint; readonly limit: number }): readonly OutboxItem[];
  /** What a slot holds for good here. */
  resolution(slot: Slot): CommitCertificate | undefined;
  /**
   * Resolutions in the order of this store (§9); only durable ones. `limit`, 1 to `limits.certificatePage`, counts the
   * lines of the log that are looked at: a page may hold fewer certificates, and none, with more to come.
   */
  certificates(query: { readonly afterCursor: bigint; readonly limit: number }): CertificatePage;
  /** Undefined when the payment is not resolved Paid here. */
  fundingClosure(transactionHash: Hash): FundingClosure | undefined;

  /**
   * Verifies, keeps and publishes proof of a validator's misbehaviour (§13). `false` when its like is kept already, or as
   * much against this validator as `validatorLimits.evidencePerSigner`.
   * @throws RejectError INVALID_FORMAT when an honest validator can have signed both messages, or INVALID_SIGNATURE.
   */
  report(evidence: Evidence): Promise<boolean>;
  /** Kept evidence, at most one of a kind for each signer and slot; by signer, at most `limit`. */
  evidence(limit: number): readonly Evidence[];
  mode(): ValidatorMode;
  /** Why it only observes; undefined while it signs. */
  observingReason(): ObservingReason | undefined;

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
