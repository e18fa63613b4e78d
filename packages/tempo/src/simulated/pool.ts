import type { Address } from '@fastpay/protocol';
import type { ReserveTransaction } from '../reserve-writer.ts';
import type { CheckedBatch } from './reserve-rules.ts';

/** A transaction that waits for a block. */
export interface PooledTransaction {
  readonly id: bigint;
  readonly from: Address;
  readonly transaction: Exclude<ReserveTransaction, { type: 'settle' }> | ({ readonly type: 'settle' } & CheckedBatch);
  /** Unix seconds. */
  readonly validBefore: bigint;
  /** Not in a block below this height. */
  readonly notBefore: bigint;
  /** Included, but its calls fail. */
  readonly reverts: boolean;
}

/** What becomes of a transaction that was handed in. */
export type Fate =
  | { readonly type: 'include'; readonly delayBlocks?: number }
  /** The node answers with a hash and forgets it. */
  | { readonly type: 'drop' }
  | { readonly type: 'revert' };

/** Transactions that wait, in the order in which they came. */
export interface Pool {
  add(transaction: PooledTransaction): void;
  /** Those that go into the block of this height and time, at most `limit`; those too old for it are forgotten. */
  take(height: bigint, timestamp: bigint, limit: number): readonly PooledTransaction[];
  readonly size: number;
}

export function createPool(): Pool {
  let waiting: PooledTransaction[] = [];
  return {
    add: (transaction) => void waiting.push(transaction),
    take(height, timestamp, limit) {
      if (waiting.length === 0) return [];
      const taken: PooledTransaction[] = [];
      const left: PooledTransaction[] = [];
      for (const each of waiting) {
        if (each.validBefore <= timestamp) continue;
        const fits = each.notBefore <= height && taken.length < limit;
        (fits ? taken : left).push(each);
      }
      waiting = left;
      return taken;
    },
    get size() {
      return waiting.length;
    },
  };
}
