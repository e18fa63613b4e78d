/** Rounds of a slot are ordered by (epoch, round) (§4). */
export interface Round {
  readonly epoch: bigint;
  /** 0 ≤ round < 2^32. */
  readonly round: number;
}

/** Where every slot begins. */
export const FIRST_ROUND: Round = { epoch: 0n, round: 0 };

export function isBelow(left: Round, right: Round): boolean {
  return left.epoch === right.epoch ? left.round < right.round : left.epoch < right.epoch;
}

export function isSameRound(left: Round, right: Round): boolean {
  return left.epoch === right.epoch && left.round === right.round;
}
