import type { PayerSigner } from '@fastpay/crypto';
import type {
  AccountId,
  Address,
  CommitCertificate,
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
}

/** Milliseconds since the bytes were first sent, measured with this device's monotonic clock; only what was reached. */
export interface StageTimes {
  readonly accepted?: number;
  readonly certified?: number;
  readonly paid?: number;
}

/** Snapshot of a payment while it is driven; every count here is of verified signatures by distinct validators. */
export interface PaymentProgress {
  readonly transactionHash: Hash;
  readonly order: PaymentOrder;
  /** What the wallet can prove itself. `paid`: a verified commit certificate. */
  readonly state: 'signed' | 'accepted' | 'certified' | 'paid' | 'stalled';
  /** Committee indices whose vote was verified. */
  readonly votes: readonly number[];
  readonly commits: readonly number[];
  readonly times: StageTimes;
  /** What validators said against it, by index. */
  readonly failures: ReadonlyMap<number, RejectError>;
  /** Present when state is `stalled`: why no quorum stands now. The same bytes are retried by `resume`. */
  readonly stalled?: RejectError;
  readonly certificate?: CommitCertificate;
}

export interface AccountView {
  readonly account: AccountId;
  /** Base units; from statements of stake ≥ q, signed and fresh (§7 rule 9). */
  readonly balance: bigint;
  /** Balance less what a pending payment of this wallet will take. */
  readonly available: bigint;
  readonly next: bigint;
  /** Committee indices whose statements were verified and agree. */
  readonly signers: readonly number[];
  readonly asOfMs: number;
}

/** One line of the activity list; built from certificates this wallet verified and stored, and its own journal. */
export interface ActivityItem {
  readonly transactionHash: Hash;
  readonly direction: 'sent' | 'received';
  readonly order: PaymentOrder;
  readonly stage: Stage | 'SIGNED';
  readonly createdAtMs: number;
  readonly times: StageTimes;
  readonly certificate?: CommitCertificate;
  readonly settlement?: { readonly blockHeight: bigint; readonly transactionHash: Hash };
}

/**
 * A wallet without a screen (§7): one owner on one network. It journals before it sends, sends only identical
 * bytes until a slot is resolved, and verifies everything against the pinned committee.
 */
export interface Client {
  readonly owner: Address;
  /** Verified by a quorum. @throws RejectError TEMPORARILY_UNAVAILABLE when fewer than a quorum answer or agree. */
  account(asset: Address): Promise<AccountView>;
  /** The least fee for paying this recipient now, base units. */
  quoteFee(intent: PaymentIntent): Promise<bigint>;
  /**
   * Reserves the slot, signs, journals durably, then sends; yields a snapshot at each verified step and ends at
   * `paid` or `stalled`. Only one tab signs at a time.
   * @throws RejectError before anything was signed: insufficient funds, an open pending payment, bad recipient.
   */
  pay(intent: PaymentIntent, signer: PayerSigner, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  /** Sends the pending payment's identical bytes again; same snapshots as `pay`. Needs no key. */
  resume(asset: Address, signal?: AbortSignal): AsyncIterable<PaymentProgress>;
  pending(asset: Address): Promise<PendingPayment | undefined>;
  /** Fetches, verifies and stores certificates that this wallet does not have yet; returns the new ones. */
  sync(): Promise<readonly CommitCertificate[]>;
  /** Verifies and stores one certificate (from a stream, file, link or QR). @throws RejectError INVALID_CERTIFICATE. */
  receive(certificate: CommitCertificate): Promise<boolean>;
  /** Newest first. */
  activity(options: { readonly limit: number; readonly before?: number }): Promise<readonly ActivityItem[]>;
  /** Follows live updates until aborted, reconnecting with backoff; `onChange` is called after each stored change. */
  follow(onChange: () => void, signal: AbortSignal): Promise<void>;
}
