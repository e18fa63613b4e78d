import type { Address, BalanceOverlay, CommitCertificate, Hash } from '@fastpay/protocol';

/** Everything that was read from outside once nothing moved any more. Amounts in base units. */
export interface Findings {
  readonly asset: Address;
  readonly validators: readonly ValidatorFindings[];
  /** Certificates that wallets keep, by device; verified. */
  readonly wallets: readonly WalletFindings[];
  readonly chain: ChainFindings;
}

export interface ValidatorFindings {
  readonly name: string;
  /** In its order; verified. */
  readonly certificates: readonly CommitCertificate[];
  readonly statements: Statements;
  /** Indices of deposits in its log, in order. */
  readonly deposits: readonly bigint[];
  /** Pieces of evidence that it keeps. */
  readonly evidence: number;
  /** Of its own metrics, those that must be 0. */
  readonly alarms: ReadonlyMap<string, number>;
}

/** What a validator says of accounts, by owner; or why it says nothing. */
export type Statements = ReadonlyMap<Address, AccountSaid> | { readonly refusal: string };

export interface AccountSaid {
  /** Signed and verified. */
  readonly balance: bigint;
  /** What it saw final on the chain, and what it did not yet. */
  readonly overlay: BalanceOverlay;
}

export interface WalletFindings {
  readonly device: string;
  /** Transaction hash of a payment that its journal calls open. */
  readonly open: Hash | undefined;
  readonly certificates: readonly CommitCertificate[];
  /** Hashes of its own payments, by what its activity list says of them. */
  readonly paid: readonly Hash[];
  readonly skipped: readonly Hash[];
  readonly unfinished: readonly Hash[];
}

export interface ChainFindings {
  readonly deposits: readonly {
    readonly index: bigint;
    readonly account: { readonly owner: Address; readonly asset: Address };
    readonly amount: bigint;
  }[];
  /** Values of settled slots, in chain order. */
  readonly settled: readonly Hash[];
  readonly exits: readonly {
    readonly account: { readonly owner: Address; readonly asset: Address };
    readonly amount: bigint;
  }[];
  /** By owner. */
  readonly accounts: ReadonlyMap<Address, { readonly balance: bigint; readonly owed: bigint }>;
  /** What the token itself says that recipients of withdrawals hold. */
  readonly tokens: ReadonlyMap<Address, bigint>;
  /** `token.balanceOf(reserve)`. */
  readonly reserveTokens: bigint;
}
