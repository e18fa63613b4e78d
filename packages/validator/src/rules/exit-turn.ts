import { limits } from '@fastpay/protocol';

/** How far the clocks of honest validators may lie apart for a turn to be accepted, seconds. */
export const DRIVER_SKEW_SECONDS = 2n;

/** The one round of the turn that this second lies in (§5 rule 6): one further with each turn gone by since 1970. */
export function exitRoundAt(unixSeconds: bigint): number {
  return limits.firstExitRound + Number(unixSeconds / limits.driverTurnSeconds);
}

/** Whose round that is, from `limits.firstExitRound` on: the index of a committee member. */
export function driverOf(exitRound: number, committeeSize: number): number {
  return (exitRound - limits.firstExitRound) % committeeSize;
}

/** Whose turn it is to close the slots of exiting accounts: the index of a committee member. */
export function driverAt(unixSeconds: bigint, committeeSize: number): number {
  return driverOf(exitRoundAt(unixSeconds), committeeSize);
}

/**
 * Whether a message that member `driver` signed for that round is taken now: it is the round of its own turn, which is
 * on, or was or will be within the skew of clocks. So none can speak in another's round, nor use up those that are
 * left. Turns need no messages; they only keep drivers out of each other's way, safety does not rest on them.
 */
export function mayDrive(driver: number, exitRound: number, nowMs: number, committeeSize: number): boolean {
  const now = BigInt(Math.floor(nowMs / 1_000));
  if (driverOf(exitRound, committeeSize) !== driver) return false;
  return [now - DRIVER_SKEW_SECONDS, now, now + DRIVER_SKEW_SECONDS].some((at) => exitRoundAt(at) === exitRound);
}
