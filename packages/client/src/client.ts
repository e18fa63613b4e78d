import type { PayerSigner } from '@fastpay/crypto';
import type {
  AccountId,
  Address,
  BalanceOverlay,
  CommitCertificate,
  Evidence,
  Hash,
  OrderKind,
  PaymentOrder,
  RejectError,
  SignedOrder,
  Stage,
} from '@fastpay/protocol';

/** What a person asks for. */
export interface PaymentIntent {
  readonly kind: OrderKind;
  readonly recipient: Address;
  readonly asset: Address;
  /** Base units. */
  readonly amount: bigint;
  readonly memo?: Hash;
}

/** The signed payment that holds a slot of ours and has not ended. */
export interface PendingPayment {
  readonly transactionHash: Hash;
  readonly signedOrder: SignedOrder;
  readonly createdAtMs: number;
  /** `signed` on this device; or `adopted`: signed by this owner elsewhere, and found at validators (§7 rule 3). */
  readonly origin: 'signed' | 'adopted';
  /** Whether, by this device's clock, validators that have not voted for it yet will not any more. It may still happen. */
  readonly expired: boolean;
  /** Other orders that this owner signed for the same slot: only one of them all can ever be paid. */
  readonly rivals: readonly { readonly transactionHash: Hash; readonly signedOrder: SignedOrder }[];
  /** The highest round that this wallet has opened for the slot; 0 while it is in the normal course. */
  readonly round: number;
  /** Whether this wallet was asked to cancel it, or has proposed to leave the slot empty as it had no other way. */
  readonly cancelling: boolean;
}

/** A higher round while it is run (§5 rule 4). */
export interface RoundProgress {
  readonly round: number;
  /** Committee indices whose promise was verified. */
  readonly promises: readonly number[];
  /** What was put forward: an order's hash, or SKIP; absent while promises are collected. */
  readonly value?: Hash;
}

/** What came of a payment's slot, for good. */
export interface PaymentEnding {
  /**
   * `paid`: the slot holds this payment. `replaced`: it holds another payment of the same owner. `cancelled`: it holds
   * nothing, and no order for it will ever be paid.
   */
  readonly outcome: 'paid' | 'replaced' | 'cancelled';
  /** Whether a cancellation was asked for and could not be had: a quorum had certified an order already. */
  readonly tooLateToCancel: boolean;
  /** With `replaced`: whether the other payment has the same recipient and memo, so that it may be what was meant. */
  readonly sameRecipientAndMemo: boolean;
  /** One sentence for people. */
  readonly message: string;
}

/**
 * Milliseconds from journaling the bytes, just before they are first sent, to each verified stage; only what was
 * reached. Measured with this device's monotonic clock, or with its wall clock when the app was restarted in between.
 */
export interface StageTimes {
  readonly accepted?: number;
  readonly certified?: number;
  readonly paid?: number;
}

/** Snapshot of a payment while it is driven; every count here is of verified signatures by distinct validators. */
export interface PaymentProgress {
  readonly transactionHash: Hash;
  readonly order: PaymentOrder;
  /**
   * What the wallet can prove itself. `paid`: a verified commit certificate, already stored. `skipped`: a verified
   * commit certificate gives the slot to something else, so this payment did not and never will happen.
   */
  readonly state: 'signed' | 'accepted' | 'certified' | 'paid' | 'stalled' | 'skipped';
  /** Committee indices whose vote was verified: for this payment, or, in a higher round, for `round.value`. */
  readonly votes: readonly number[];
  readonly commits: readonly number[];
  /** Present while `finish` or `cancel` runs a higher round. */
  readonly round?: RoundProgress;
  readonly times: StageTimes;
  /** What was said against it in the name of each validator, by index. Hearsay: the relay's word, not signed. */
  readonly failures: ReadonlyMap<number, RejectError>;
  /** Present when state is `stalled`: why no quorum stands now. `resume`, `finish` and `cancel` try again. */
  readonly stalled?: RejectError;
  /** Present when state is `paid` or `skipped`: what holds the slot. */
  readonly certificate?: CommitCertificate;
  /** Present when state is `paid` or `skipped`. */
  readonly ending?: PaymentEnding;
}

/** The certificates that a payment rests on, each verified and stored (§6, §7 rule 6). */
export interface StoredClosure {
  /** Oldest first, the payment's own last. */
  readonly certificates: readonly CommitCertificate[];
  /**
   * Whether a validator says that nothing is missing. Hearsay: from here, what is settled already and what was left
   * out look alike.
   */
  readonly complete: boolean;
}

/** An account as statements of stake ≥ q tell it, signed and fresh (§7 rule 9). `account/summary.ts` has the rule. */
export interface AccountView {
  readonly account: AccountId;
  /** Base units, once slots below `next` are all resolved. With `agreed` false it is what a quorum says is there at least. */
  readonly balance: bigint;
  /** Balance less what a pending payment of this wallet will take; never below zero. */
  readonly available: bigint;
  /** First slot that neither a quorum nor a certificate of this wallet says is resolved. */
  readonly next: bigint;
  /** Whether statements of stake ≥ q say exactly this; otherwise some validators lag behind. */
  readonly agreed: boolean;
  /** Committee indices whose verified statements support the balance. */
  readonly signers: readonly number[];
  /** The lowest finalized height among those statements: the balance holds every deposit up to that block. */
  readonly finalizedHeight: bigint;
  /** What the balance is made of, as validators tell it; the balance is signed, this is not. */
  readonly overlay?: BalanceOverlay;
  /** Unix seconds from which on the account can leave, as validators tell it; absent unless its exit was requested. */
  readonly exitReadyAt?: bigint;
  readonly asOfMs: number;
}

/** How far a payment is on chain as the relay tells it. Hearsay: this wallet has not looked at the chain. */
export interface ObservedStanding {
  readonly stage: 'INCLUDED' | 'FINALIZED';
  readonly settlement?: { readonly blockHeight: bigint; readonly transactionHash: Hash };
  /** When this wallet was told, by its own clock in unix milliseconds; only of what it was told as it happened. */
  readonly heardAtMs?: { readonly included?: number; readonly finalized?: number };
}

/** One line of the activity list; built from certificates this wallet verified and stored, and its own journal. */
export interface ActivityItem {
  /** Place in the list: higher is newer. */
  readonly cursor: number;
  readonly transactionHash: Hash;
  readonly direction: 'sent' | 'received';
  readonly order: PaymentOrder;
  /** What this wallet has proof of: QUEUED_ONCHAIN with a certificate over the order, SKIPPED with one over another value. */
  readonly stage: 'SIGNED' | Extract<Stage, 'ACCEPTED' | 'CERTIFIED' | 'QUEUED_ONCHAIN' | 'SKIPPED'>;
  /** Anything later, unverified: to be worded as reported by the relay. */
  readonly observed?: ObservedStanding;
  /** When this wallet signed or first saw it; for one seen only after its `validUntil`, that time. Unix milliseconds. */
  readonly createdAtMs: number;
  readonly times: StageTimes;
  readonly certificate?: CommitCertificate;
}

/**
 * A wallet without a screen (§7): one owner on one network. It journals before it sends, sends only identical
 * bytes until a slot is resolved, and verifies everything against the pinned committee.
 */
export interface Client {
  readonly owner: Address;
  /** Verified by a quorum. @throws RejectError TEMPORARILY_UNAVAILABLE when fewer than a quorum answer or agree. */
  account(asset: Address): Promise<AccountView>;
  /**
   * When somebody's account can leave, in unix seconds, as validators of stake ≥ v tell it; undefined when no exit was
   * requested. Who is paid from such an account should see it settled first (§7 rule 7).
   * @throws RejectError TEMPORARILY_UNAVAILABLE.
   */
  exitOf(account: AccountId): Promise<bigint | undefined>;
  /** The least fee for paying this recipient now, base units. */
  quoteFee(intent: PaymentIntent): Promise<bigint>;
  /**
   * Reserves the slot, signs, journals durably, then sends; yields a snapshot at each verified step and ends at
   * `paid`, `stalled` or `skipped`. Only one tab signs at a time.
   * @throws RejectError before anything was signed: insufficient funds, bad recipient, no quorum.
   * @throws PaymentPendingError when an earlier payment of the account is still open.
   * @throws StoreError when the journal cannot be written: nothing was sent.
   */
  pay(intent: PaymentIntent, signer: PayerSigner, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  /**
   * Sends the pending payment's identical bytes again, or, once `cancel` was called, those of its rounds; same
   * snapshots as `pay`. Needs no key.
   */
  resume(asset: Address, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  /**
   * Ends the account's open slot. Sends the identical bytes first; when validators refuse them (the slot is split
   * between two orders, or the order ran out, or a round was opened), runs higher rounds with the owner's signature
   * until the slot holds the payment, another one of the owner's, or nothing. The last snapshot says which (`ending`);
   * or it is `stalled`, when no quorum answers. Yields nothing when no slot is open. Only what was journaled is sent, so
   * it can be run again after a crash anywhere, and in several tabs at once. Without a key it does what `resume` does.
   * Once `cancel` was called for the slot it goes on with that: what a person took back is not paid after a restart.
   * @throws StoreError, ConflictingCertificatesError, ClientError WRONG_SIGNER.
   */
  finish(asset: Address, signer: PayerSigner | undefined, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  /**
   * Runs higher rounds towards an empty slot, and remembers durably that it was asked to. An order that a quorum may
   * have certified already is finished instead, as nothing else is possible any more; `ending.tooLateToCancel` says so.
   * Same snapshots and errors as `finish`.
   */
  cancel(asset: Address, signer: PayerSigner, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  pending(asset: Address): Promise<PendingPayment | undefined>;
  /**
   * Fetches, verifies and stores certificates that this wallet does not have yet, from validators of stake ≥ v;
   * returns the new ones. Takes into the journal an order of the owner's that validators hold in an open slot (§7
   * rule 3), for `finish` to end. @throws RejectError TEMPORARILY_UNAVAILABLE when fewer answered; what came is stored.
   */
  sync(): Promise<readonly CommitCertificate[]>;
  /** Verifies and stores one certificate (from a stream, file, link or QR). @throws RejectError INVALID_CERTIFICATE. */
  receive(certificate: CommitCertificate): Promise<boolean>;
  /**
   * The funding closure of a payment that this wallet has the certificate of: what was stored, and what validators say
   * now, verified and stored. @throws RejectError TEMPORARILY_UNAVAILABLE without a certificate.
   */
  closure(transactionHash: Hash): Promise<StoredClosure>;
  /** Proof that validators broke the protocol, verified here (§13). @throws RejectError TEMPORARILY_UNAVAILABLE. */
  evidence(): Promise<readonly Evidence[]>;
  /** Newest first; `before` is the `cursor` of the last item of the page before. At most `clientLimits.page` items. */
  activity(options: { readonly limit: number; readonly before?: number }): Promise<readonly ActivityItem[]>;
  /**
   * Follows live updates until aborted, reconnecting with backoff and syncing after each connect; `onChange` is called
   * after each stored change and each reported deposit. Rejects only when the store fails.
   */
  follow(onChange: () => void, signal: AbortSignal): Promise<void>;
}
