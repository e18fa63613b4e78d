import type { Clock } from '../ports/clock.ts';

/** A clock that stands still until it is advanced. */
export interface TestClock extends Clock {
  /** Moves the time on and ends every sleep that is over by then, in order. */
  advance(ms: number): void;
  /** Sleeps that have not ended, by how long they still take. */
  readonly pending: readonly number[];
  /** Resolves once something sleeps for about this long: the code under test has come that far. */
  untilSleeping(predicate: (ms: number) => boolean): Promise<void>;
}

export function createTestClock(startMs = 1_750_000_000_000): TestClock {
  let now = startMs;
  const sleeps = new Set<{ readonly at: number; wake(): void }>();
  const watchers = new Set<() => void>();
  const remaining = () => [...sleeps].map(({ at }) => at - now).sort((left, right) => left - right);
  return {
    nowMs: () => now,
    monotonicMs: () => now - startMs,
    get pending() {
      return remaining();
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = () => {
          sleeps.delete(sleep);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleep = { at: now + ms, wake };
        sleeps.add(sleep);
        signal.addEventListener('abort', wake, { once: true });
        for (const check of watchers) check();
      }),
    advance(ms) {
      now += ms;
      for (const sleep of [...sleeps].sort((left, right) => left.at - right.at)) if (sleep.at <= now) sleep.wake();
    },
    untilSleeping: (predicate) =>
      new Promise((resolve) => {
        const check = () => {
          if (!remaining().some(predicate)) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}

/** The same time, but short pauses take a few turns of the event loop, and long ones last until they are called off. */
export function impatient(clock: Clock): Clock {
  return {
    ...clock,
    async sleep(ms, signal) {
      if (signal.aborted) return;
      if (ms > 2_000) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      else for (let turn = 0; turn < ms / 40; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
