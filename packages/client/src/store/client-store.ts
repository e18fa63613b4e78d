import type {
  AccountId,
  Address,
  CommitCertificate,
  Hash,
  RoundProposal,
  SignedNewRound,
  SignedOrder,
  Slot,
} from '@fastpay/protocol';
import type { ObservedStanding, StageTimes, StoredClosure } from '../client.ts';

/**
 * What a wallet must not forget: the orders it signed, the certificates it verified, and the network it trusts.
 *
 * Adapters MUST pass the contract suite. Every method is atomic: all of it happens or none. A promise of a writing
 * method MUST resolve only when the write survives a crash of the browser and, as far as the platform can tell, a
 * power cut. Several clients in several tabs MUST be able to share one store. Failures are StoreErrors.
 */
export interface ClientStore {
  /**
   * Pins the network of this store if none is pinned; returns the one that is pinned afterwards. Of two calls that
   * race, exactly one MUST win.
   */
  pinNetwork(pin: NetworkPin): Promise<NetworkPin>;

  /**
   * Puts a signed order into the journal and its payment on top of the activity list (§7 rule 1). The order MUST be
   * durable when the promise resolves: it is sent right after.
   *
   * Of all orders signed on this device for one slot the store MUST take at most one, whatever the callers do: two
   * tabs that race for a slot MUST NOT both get `journaled`. An order is refused as `taken` when any other order is
   * known for its slot, as `resolved` when a certificate is. One that was adopted, signed by this owner elsewhere, is
   * kept beside another (`resolved` apart): it exists, whether this device likes it or not.
   */
  journal(entry: NewJournalEntry): Promise<JournalAnswer>;

  /**
   * Puts a signed call to open a round into the journal, before it is sent. Resolves to what stands there afterwards:
   * of calls for one round the first stays, and so does what was proposed in it. Refused when a certificate is known.
   */
  journalNewRound(newRound: SignedNewRound): Promise<RoundAnswer<JournaledRound>>;

  /**
   * Puts a signed proposal into the journal, before it is sent. For one epoch, slot and round the store MUST take one
   * only, whatever the callers do (§5 rule 4b: one value per round); resolves to the one that stands there afterwards.
   * Its round was journaled before. Refused when a certificate is known for the slot.
   */
  journalProposal(proposal: RoundProposal): Promise<RoundAnswer<ProposedRound>>;

  /**
   * Remembers that the owner asked for the slot to be left empty, until a certificate of the slot is known. Nothing is
   * signed by it.
   */
  wishToCancel(slot: Slot): Promise<void>;
  isCancelWished(slot: Slot): Promise<boolean>;

  /** The journal of a round; without a number that of the last one of the slot, by epoch and round. */
  round(slot: Slot, which?: { readonly epoch: bigint; readonly round: number }): Promise<JournaledRound | undefined>;

  /** Adds stage times that are not recorded yet; those recorded stay as they are. An unknown payment is ignored. */
  recordTimes(transactionHash: Hash, times: StageTimes): Promise<void>;

  /**
   * Keeps a verified commit certificate in which `owner` pays or is paid, puts its payment on the owner's activity list
   * unless it is there, and closes the journal entries of its slot: `paid` the one it is over, `skipped` all others.
   * Drops the journal of its rounds and the wish to cancel it. Resolves to whether anything was new. The caller has
   * verified the certificate.
   * @throws ConflictingCertificatesError when another value is stored for the slot; nothing is changed.
   */
  recordCertificate(record: NewCertificate): Promise<boolean>;

  /**
   * Keeps the verified certificates that a payment rests on, in the place of the list kept for it before: the caller
   * has joined the two. They are not put on anybody's activity list; those in which an owner of this store pays or is
   * paid have been recorded before.
   * @throws ConflictingCertificatesError as `recordCertificate` does.
   */
  recordClosure(transactionHash: Hash, closure: StoredClosure): Promise<void>;
  closure(transactionHash: Hash): Promise<StoredClosure | undefined>;

  /** Whether `recordCertificate` with this slot and value would find nothing new for the owner. */
  hasCertificate(owner: Address, slot: Slot, value: Hash): Promise<boolean>;

  /**
   * Records hearsay about a payment on the owner's list, `undefined` to take it back, unless it is FINALIZED already.
   * Resolves to whether that changed anything.
   */
  observe(owner: Address, transactionHash: Hash, observed: ObservedStanding | undefined): Promise<boolean>;

  entry(transactionHash: Hash): Promise<JournalEntry | undefined>;

  /** Journal entries of the account that no certificate has closed, by slot, own before adopted; at most `openOrders`. */
  openEntries(account: AccountId): Promise<readonly JournalEntry[]>;

  certificateOfSlot(slot: Slot): Promise<CommitCertificate | undefined>;
  certificateOfPayment(transactionHash: Hash): Promise<CommitCertificate | undefined>;

  /** Certificates that pay the account, newest first. `limit` is at most `clientLimits.page`. */
  received(account: AccountId, limit: number): Promise<readonly CommitCertificate[]>;

  /** The owner's payments, newest first; `before` is the cursor of the last record of the page before. */
  activity(
    owner: Address,
    page: { readonly limit: number; readonly before?: number },
  ): Promise<readonly ActivityRecord[]>;

  /** How far the log of one validator was taken in for an owner. Losing it costs time only. */
  logPosition(owner: Address, signer: number): Promise<LogPosition | undefined>;
  saveLogPosition(owner: Address, signer: number, position: LogPosition): Promise<void>;

  close(): Promise<void>;
}

/** What identifies a network whose data this is. */
export interface NetworkPin {
  readonly domainSeparator: Hash;
  readonly committeeHash: Hash;
}

export interface NewJournalEntry {
  readonly transactionHash: Hash;
  readonly signedOrder: SignedOrder;
  /** `signed` on this device, or found at validators and `adopted` (§7 rule 3). */
  readonly origin: 'signed' | 'adopted';
  /** Unix milliseconds. */
  readonly createdAtMs: number;
}

export interface JournalEntry extends NewJournalEntry {
  readonly state: 'open' | 'paid' | 'skipped';
  readonly times: StageTimes;
}

export type JournalAnswer =
  | { readonly type: 'journaled' }
  /** This very order was journaled before. */
  | { readonly type: 'known' }
  | { readonly type: 'taken'; readonly by: JournalEntry }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

/** What this owner has signed for one higher round on this device. */
export interface JournaledRound {
  readonly newRound: SignedNewRound;
  /** Complete, as it is sent; absent until a value was put forward. */
  readonly proposal?: RoundProposal;
}

export interface ProposedRound extends JournaledRound {
  readonly proposal: RoundProposal;
}

export type RoundAnswer<Round> =
  | { readonly type: 'journaled'; readonly round: Round }
  /** Nothing is to be signed for the slot any more. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export interface LogPosition {
  /** As the relay told it: nobody has signed that nothing before it was left out. */
  readonly cursor: bigint;
  /** When the log was last begun at 0. Unix milliseconds. */
  readonly begunAtMs: number;
}

export interface NewCertificate {
  readonly owner: Address;
  readonly certificate: CommitCertificate;
  /** Used only if the payment is not on the owner's activity list yet. Unix milliseconds. */
  readonly createdAtMs: number;
  /** Goes to the journal entry that the certificate is over. */
  readonly times?: StageTimes;
}

/** A payment on an owner's list with what is stored about it; at least one of the last two is present. */
export interface ActivityRecord {
  readonly cursor: number;
  readonly transactionHash: Hash;
  readonly direction: 'sent' | 'received';
  readonly createdAtMs: number;
  readonly observed?: ObservedStanding;
  readonly entry?: JournalEntry;
  /** What holds the payment's slot: over this payment, or over something else. */
  readonly certificate?: CommitCertificate;
}
