import { type Hash, hashFromBytes, unsignedBytes } from '@fastpay/protocol';
import type { Deposit, ExitEvent, FinalizedBlock } from '@fastpay/validator';
import type { AccountRef } from '../model/ledger.ts';

/** Blocks, all of them final, and the deposits in them. */
export interface PlainChain {
  deposit(account: AccountRef, amount: bigint): void;
  /** Makes the next block final, with everything that waited. */
  finalize(nowMs: number): FinalizedBlock;
  head(): FinalizedBlock | undefined;
  /** From this index on, up to the block. */
  depositsFrom(index: bigint, upTo: bigint): readonly Deposit[];
  depositAt(index: bigint): { readonly account: AccountRef; readonly amount: bigint } | undefined;
  readonly deposits: readonly Deposit[];
  isFinalExit(event: ExitEvent): boolean;
}

export function createPlainChain(onDeposit: (account: AccountRef, amount: bigint) => void): PlainChain {
  const deposits: Deposit[] = [];
  let waiting: { readonly account: AccountRef; readonly amount: bigint }[] = [];
  let head: FinalizedBlock | undefined;
  const hashOf = (height: bigint): Hash => hashFromBytes(unsignedBytes(height + (0xb10cn << 128n), 32));

  return {
    deposits,
    head: () => head,
    deposit: (account, amount) => void waiting.push({ account, amount }),
    finalize(nowMs) {
      const height = (head?.height ?? 0n) + 1n;
      const block = { height, hash: hashOf(height), timestamp: BigInt(Math.floor(nowMs / 1_000)) };
      head = block;
      for (const { account, amount } of waiting) {
        deposits.push({ index: BigInt(deposits.length), account, amount, block });
        onDeposit(account, amount);
      }
      waiting = [];
      return block;
    },
    depositsFrom: (index, upTo) => deposits.slice(Number(index)).filter(({ block }) => block.height <= upTo),
    depositAt: (index) => deposits[Number(index)],
    isFinalExit: () => false,
  };
}
