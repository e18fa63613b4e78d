import { type Hash, isBelowRound } from '@fastpay/protocol';

/** Rounds of a slot are ordered by (epoch, round) (§4). */
export interface Round {
  readonly epoch: bigint;
  /** 0 ≤ round < 2^32. */
  readonly round: number;
}

/** Where every slot begins. */
export const FIRST_ROUND: Round = { epoch: 0n, round: 0 };

export { isBelowRound as isBelow };

export function isSameRound(left: Round, right: Round): boolean {
  return left.epoch === right.epoch && left.round === right.round;
}

/** Whether both name the same thing as what a slot was locked on; none is the same as none. */
export function isSameLock(
  left: (Round & { readonly value: Hash }) | undefined,
  right: (Round & { readonly value: Hash }) | undefined,
): boolean {
  if (!left || !right) return left === right;
  return isSameRound(left, right) && left.value === right.value;
}
