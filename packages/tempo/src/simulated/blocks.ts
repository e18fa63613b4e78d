import { type Hash, toHash } from '@fastpay/protocol';
import type { ChainBlock, ChainDeposit, ChainExit, ChainSettlement } from '../chain.ts';
import type { Undo } from './undo-log.ts';

/** A block with what it did to the reserve. */
export interface SimulatedBlock {
  readonly block: ChainBlock;
  readonly deposits: ChainDeposit[];
  readonly settlements: ChainSettlement[];
  readonly exits: ChainExit[];
  /** Ids of its transactions. */
  readonly transactions: bigint[];
  /** Whether each of them did what it says. */
  readonly outcomes: Map<Hash, boolean>;
  /** How to take the block back. */
  undos: readonly Undo[];
}

export function emptyBlock(block: ChainBlock): SimulatedBlock {
  return { block, deposits: [], settlements: [], exits: [], transactions: [], outcomes: new Map(), undos: [] };
}

/**
 * Hashes are names here: unlike for every block and transaction ever made, abandoned ones included.
 * @param label An even number of hex digits, at most 40, that tell chains apart.
 */
export function hashOf(kind: 'block' | 'transaction', id: bigint, label: string): Hash {
  const prefix = kind === 'block' ? 'b10c' : '7a00';
  return toHash(`0x${prefix}${label}${id.toString(16).padStart(60 - label.length, '0')}`);
}

/** Takes a block's changes back, newest first. */
export function undo({ undos }: SimulatedBlock): void {
  for (const each of undos.toReversed()) each();
}
