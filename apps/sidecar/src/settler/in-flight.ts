import type { Hash } from '@fastpay/protocol';

/** A batch that was sent and that no block was seen with yet. */
export interface FlyingBatch {
  readonly transactionHash: Hash;
  /** Unix seconds of the chain: from then on it cannot be included. */
  readonly validBefore: bigint;
  readonly keys: ReadonlySet<string>;
}

/** What this validator has sent lately, so that it does not send it twice while it may still come. */
export interface InFlight {
  add(batch: FlyingBatch): void;
  has(key: string): boolean;
  /** Drops the batches none of whose entries wait any more, and those that are too late; returns the latter. */
  settleUp(waiting: ReadonlySet<string>, timestamp: bigint): readonly FlyingBatch[];
  readonly batches: readonly FlyingBatch[];
}

export function createInFlight(): InFlight {
  let batches: readonly FlyingBatch[] = [];
  return {
    add(batch) {
      batches = [...batches, batch];
    },
    has: (key) => batches.some(({ keys }) => keys.has(key)),
    settleUp(waiting, timestamp) {
      const open = batches.filter(({ keys }) => [...keys].some((key) => waiting.has(key)));
      const late = open.filter(({ validBefore }) => validBefore <= timestamp);
      batches = open.filter((batch) => !late.includes(batch));
      return late;
    },
    get batches() {
      return batches;
    },
  };
}
