import { peerLimits } from './limits.ts';

/** Milliseconds to wait after the n-th failure in a row: doubling, with a random half so that peers do not march in step. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(peerLimits.lastBackoffMs, peerLimits.firstBackoffMs * 2 ** Math.min(failures - 1, 16));
  return full / 2 + (full / 2) * random();
}
