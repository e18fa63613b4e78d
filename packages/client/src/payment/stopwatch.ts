import type { StageTimes } from '../client.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalEntry } from '../store/client-store.ts';

/** Tells how long after its journaling each stage of a payment was reached. */
export interface Stopwatch {
  start(entry: Pick<JournalEntry, 'transactionHash'>): void;
  /** Milliseconds since the start; by the wall clock for a payment that was journaled before this process began. */
  elapsedMs(entry: Pick<JournalEntry, 'transactionHash' | 'createdAtMs'>): number;
}

/** Payments whose start is remembered; a client has one open at a time. */
const REMEMBERED = 16;

export function createStopwatch(clock: Clock): Stopwatch {
  const starts = new Map<string, number>();
  return {
    start({ transactionHash }) {
      starts.set(transactionHash, clock.monotonicMs());
      const [oldest] = starts.keys();
      if (starts.size > REMEMBERED && oldest !== undefined) starts.delete(oldest);
    },
    elapsedMs({ transactionHash, createdAtMs }) {
      const start = starts.get(transactionHash);
      return start === undefined ? Math.max(0, clock.nowMs() - createdAtMs) : clock.monotonicMs() - start;
    },
  };
}

/** Adds the time of a stage that has none yet. */
export function withTime(times: StageTimes, stage: keyof StageTimes, elapsedMs: number): StageTimes {
  return times[stage] === undefined ? { ...times, [stage]: elapsedMs } : times;
}
