import type { Metrics } from '../observe/metrics.ts';

/** What this process has signed and resolved since it started. */
export interface Tally {
  readonly votes: bigint;
  readonly commits: bigint;
  readonly resolutions: bigint;
  /** Unix milliseconds of the last vote or commit; 0 before the first. */
  readonly lastSignedAtMs: number;
  voted(): void;
  committed(): void;
  resolved(): void;
}

export function createTally(
  metrics: Pick<Metrics, 'votes' | 'commits' | 'resolutions'>,
  clock: { unixMs(): number },
): Tally {
  const counts = { votes: 0n, commits: 0n, resolutions: 0n, lastSignedAtMs: 0 };
  return {
    get votes() {
      return counts.votes;
    },
    get commits() {
      return counts.commits;
    },
    get resolutions() {
      return counts.resolutions;
    },
    get lastSignedAtMs() {
      return counts.lastSignedAtMs;
    },
    voted() {
      counts.votes++;
      counts.lastSignedAtMs = clock.unixMs();
      metrics.votes.inc();
    },
    committed() {
      counts.commits++;
      counts.lastSignedAtMs = clock.unixMs();
      metrics.commits.inc();
    },
    resolved() {
      counts.resolutions++;
      metrics.resolutions.inc();
    },
  };
}
