import type { AccountId, Hash } from '@fastpay/protocol';

/** A block, as far as FastPay cares. */
export interface ChainBlock {
  readonly height: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

export interface ChainHead {
  /** The newest block; may still be abandoned. */
  readonly latest: ChainBlock;
  /** Never abandoned, nor any block below it. */
  readonly finalized: ChainBlock;
}

/** A `Deposited` event of the reserve (§6). */
export interface ChainDeposit {
  /** Counts up from 0 over all accounts and assets of the reserve, without gaps. */
  readonly index: bigint;
  readonly account: AccountId;
  /** Base units; what arrived. */
  readonly amount: bigint;
  readonly block: ChainBlock;
  readonly transactionHash: Hash;
}

/** A `Settled` event of the reserve (§6): the slot is used up by `value`. */
export interface ChainSettlement {
  readonly account: AccountId;
  readonly sequence: bigint;
  /** Transaction hash of the payment, or SKIP. */
  readonly value: Hash;
  readonly settlement: {
    readonly block: ChainBlock;
    /** Of the chain's transaction that settled it. */
    readonly transactionHash: Hash;
  };
}

/** An exit event of the reserve (§5 rule 6, §6). */
export type ChainExit = { readonly account: AccountId; readonly block: ChainBlock; readonly transactionHash: Hash } & (
  | {
      readonly type: 'requested';
      /** Unix seconds: in blocks from then on the owner may take everything out. */
      readonly readyAt: bigint;
    }
  | { readonly type: 'cancelled' }
  | {
      readonly type: 'executed';
      /** Base units that left the account. */
      readonly amount: bigint;
    }
);

/** What happened to accounts in some blocks; each kind in chain order. */
export interface ChainEvents {
  readonly deposits: readonly ChainDeposit[];
  readonly settlements: readonly ChainSettlement[];
  readonly exits: readonly ChainExit[];
}

export interface ReserveInfo {
  readonly committeeHash: Hash;
  readonly epoch: bigint;
  readonly salt: Hash;
  readonly domainSeparator: Hash;
  /** The index that the next deposit gets. */
  readonly depositCount: bigint;
  readonly exitDelaySeconds: bigint;
  /** No event of the reserve is older. */
  readonly deploymentHeight: bigint;
}

/** An account as the reserve has it: settled payments only. */
export interface ChainAccount {
  /** Base units. */
  readonly balance: bigint;
  /** The slot that settles next: every one below is settled, none above. */
  readonly nextSequence: bigint;
  /** Base units that the token refused to pay out to the owner; `release` pays them. */
  readonly owed: bigint;
}

/**
 * What FastPay reads from a settlement chain. All answers come from one node: whoever needs to trust them runs it.
 * Every method rejects with a TempoError within a bounded time; TIMEOUT, UNREACHABLE and REORGANIZED can be retried.
 */
export interface TempoChain {
  head(): Promise<ChainHead>;
  /** Undefined when the chain has no block of that height (yet). */
  block(height: bigint): Promise<ChainBlock | undefined>;
  /**
   * Deposits in the blocks `from` to `to`, both included, in index order. MUST be complete, and MUST hold only events
   * whose block was canonical at its height after they were read.
   * @throws RangeError when the range is longer than `tempoLimits.queryRangeBlocks`.
   */
  deposits(from: bigint, to: bigint): Promise<readonly ChainDeposit[]>;
  /** Settled slots in the blocks `from` to `to`, in chain order, under the same rules. */
  settlements(from: bigint, to: bigint): Promise<readonly ChainSettlement[]>;
  /** Exit events in the blocks `from` to `to`, in chain order, under the same rules. */
  exits(from: bigint, to: bigint): Promise<readonly ChainExit[]>;
  /** All of these at the price of one question. */
  events(from: bigint, to: bigint): Promise<ChainEvents>;
  reserveInfo(): Promise<ReserveInfo>;
  /** As of the latest block. */
  accountOnChain(account: AccountId): Promise<ChainAccount>;
}
