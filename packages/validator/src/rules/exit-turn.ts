import { limits } from '@fastpay/protocol';

/** How far the clocks of honest validators may lie apart for a turn to be accepted, seconds. */
export const DRIVER_SKEW_SECONDS = 2n;

/** Whose turn it is to close the slots of exiting accounts (§5 rule 6): the index of a committee member. */
export function driverAt(unixSeconds: bigint, committeeSize: number): number {
  return Number((unixSeconds / limits.driverTurnSeconds) % BigInt(committeeSize));
}

/**
 * Whether a message that member `driver` signed is taken now: it is its turn, or was or will be within the skew of
 * clocks. Turns need no messages; they only keep drivers out of each other's way, safety does not rest on them.
 */
export function mayDrive(driver: number, nowMs: number, committeeSize: number): boolean {
  const now = BigInt(Math.floor(nowMs / 1_000));
  return [now - DRIVER_SKEW_SECONDS, now, now + DRIVER_SKEW_SECONDS].some(
    (at) => at >= 0n && driverAt(at, committeeSize) === driver,
  );
}

/**
 * The highest round that a driver may open now: one more with each turn since 1970. Without this bound one driver could
 * take the last round there is, and leave none for those after it.
 */
export function highestExitRound(nowMs: number): number {
  const now = BigInt(Math.floor(nowMs / 1_000)) + DRIVER_SKEW_SECONDS;
  return Math.min(limits.firstExitRound + Number(now / limits.driverTurnSeconds), limits.maxRound);
}
