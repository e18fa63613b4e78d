import type { Deposit } from '@fastpay/validator';

/** The reserve numbers its deposits from 0 without gaps (§6), which shows whether a node left one out. */
export function isContiguous(deposits: readonly Deposit[], next: bigint): boolean {
  return deposits.every(({ index }, position) => index === next + BigInt(position));
}

/** Deposits from `next` on, in order of their index, each once. */
export function freshDeposits(deposits: readonly Deposit[], next: bigint): readonly Deposit[] {
  const byIndex = new Map(deposits.filter(({ index }) => index >= next).map((deposit) => [deposit.index, deposit]));
  return [...byIndex.values()].sort((left, right) => (left.index < right.index ? -1 : 1));
}
