import type { AccountId, Address, CommitCertificate, Hash, SignerSignature } from '@fastpay/protocol';
import type { Outcome } from './reserve-events.ts';

/** Certificates to settle together: of one asset, each account's in slot order, funding payments first (§6). */
export interface SettlementBatch {
  readonly certificates: readonly CommitCertificate[];
  /**
   * Signatures of a quorum over the whole batch (§4), by ascending signer. With them the reserve does not look at the
   * commits of each certificate.
   */
  readonly attestation?: readonly SignerSignature[];
}

/** What can be done to the reserve. The writer's own address pays, is owed the fees, and exits. */
export type ReserveTransaction =
  | ({ readonly type: 'settle' } & SettlementBatch)
  | { readonly type: 'deposit'; readonly account: AccountId; readonly amount: bigint }
  /** Sends what the account's owner is owed on Tempo: fees of settlements, or what a token refused to send. */
  | { readonly type: 'release'; readonly account: AccountId }
  | { readonly type: 'requestExit' | 'cancelExit' | 'exit'; readonly asset: Address };

export interface Submission {
  readonly transactionHash: Hash;
  /** Unix seconds of the chain: in blocks from then on it cannot be included any more. */
  readonly validBefore: bigint;
}

/**
 * The way to the reserve for one address. What became of a transaction is learnt from the events of blocks only: a node
 * may take it and drop it, and one that failed to send may be included all the same.
 */
export interface ReserveWriter {
  readonly address: Address;
  /**
   * Resolves once a node has the transaction. Each call makes another one, which neither waits for nor replaces others.
   * @throws TempoError as `sendTransaction`.
   */
  submit(transaction: ReserveTransaction): Promise<Submission>;
  /**
   * What settling the batch would do after the latest block, entry by entry; nothing is sent.
   * @throws TempoError REFUSED when the whole would fail; otherwise as `JsonRpc.request`.
   */
  preview(batch: SettlementBatch): Promise<readonly Outcome[]>;
  /** Undefined while no block that the node knows holds the transaction; that block may still be abandoned. */
  outcome(transactionHash: Hash): Promise<TransactionOutcome | undefined>;
  funds(): Promise<Funds>;
}

export interface TransactionOutcome {
  /** Whether its calls did what they say; if not, nothing of them happened. */
  readonly succeeded: boolean;
  /** Paid for gas, base units of the fee token. */
  readonly cost: bigint;
  /** The slots that it used up. */
  readonly settled: readonly { readonly account: AccountId; readonly sequence: bigint }[];
}

export interface Funds {
  /** Of the latest block, wei. */
  readonly gasPrice: bigint;
  /** What the address has to pay gas with, base units of the fee token. */
  readonly balance: bigint;
}
