import type { ChainBlock } from '../chain.ts';
import { emptyBlock, type SimulatedBlock } from './blocks.ts';

/**
 * The blocks of a chain by height, block 0 first. One that is empty and came when it was due need not be kept, since
 * its height says everything about it: an idle chain needs no more memory the longer it runs.
 */
export interface BlockHistory {
  /** Height of the newest block; −1 before the first. */
  readonly top: number;
  /** @throws RangeError when there is no such block. */
  at(height: number): SimulatedBlock;
  /** The block, unless it is one that is not kept: then nothing happened in it. */
  kept(height: number): SimulatedBlock | undefined;
  add(block: SimulatedBlock): void;
  /** As many blocks on top that are empty, came when they were due. */
  addRegular(count: number): void;
  /** Takes the newest `count` blocks away and returns them, the lowest first. None of them may be final. */
  removeTop(count: number): readonly SimulatedBlock[];
  /** The block will never be removed nor changed. */
  seal(height: number): void;
}

/** @param regular The block of a height, had every block below it come when it was due. */
export function createBlockHistory(regular: (height: number) => ChainBlock): BlockHistory {
  const kept = new Map<number, SimulatedBlock>();
  let top = -1;

  function at(height: number): SimulatedBlock {
    if (!Number.isInteger(height) || height < 0 || height > top) throw new RangeError(`there is no block ${height}`);
    return kept.get(height) ?? emptyBlock(regular(height));
  }

  return {
    get top() {
      return top;
    },
    at,
    kept: (height) => kept.get(height),
    addRegular(count) {
      top += count;
    },
    add(block) {
      top += 1;
      kept.set(top, block);
    },
    removeTop(count) {
      const removed: SimulatedBlock[] = [];
      for (let height = top - count + 1; height <= top; height++) {
        removed.push(at(height));
        kept.delete(height);
      }
      top -= count;
      return removed;
    },
    seal(height) {
      const { block, outcomes } = at(height);
      const { hash, timestamp } = regular(height);
      if (outcomes.size === 0 && block.hash === hash && block.timestamp === timestamp) kept.delete(height);
    },
  };
}
