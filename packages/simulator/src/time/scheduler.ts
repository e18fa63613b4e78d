import { createEventQueue } from './event-queue.ts';
import type { Trace } from './trace.ts';

/** Virtual time: nothing waits, and everything happens in one order. */
export interface Scheduler {
  /** Unix milliseconds. */
  nowMs(): number;
  /** Events that have happened. */
  steps(): number;
  /** Calls `action` after so many virtual milliseconds; returns what calls it off. `label` goes into the trace. */
  after(ms: number, label: string, action: () => void): () => void;
  /** Resolves after so many virtual milliseconds, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Runs events until `isOver` says so, none is left, or the time is up; `afterStep` is called when everything that
   * an event set off has come to rest, and what it sets off itself comes to rest before the next event. It answers
   * whether it set off anything.
   */
  run(options: RunOptions): Promise<void>;
}

export interface RunOptions {
  readonly untilMs: number;
  readonly mostSteps: number;
  isOver(): boolean;
  afterStep(): boolean;
}

export const START_MS = 1_750_000_000_000;

export function createScheduler(trace: Trace): Scheduler {
  const queue = createEventQueue();
  let nowMs = START_MS;
  let order = 0;
  let steps = 0;

  function after(ms: number, label: string, action: () => void): () => void {
    const event = { atMs: nowMs + Math.max(0, Math.floor(ms)), order: order++, label, action };
    queue.add(event);
    return () => {
      // The place in the queue stays; what it would hold on to goes.
      (event as { action?: (() => void) | undefined }).action = undefined;
    };
  }

  return {
    nowMs: () => nowMs,
    steps: () => steps,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          cancel();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const cancel = after(ms, 'wake', done);
        signal?.addEventListener('abort', done, { once: true });
      }),
    async run({ untilMs, mostSteps, isOver, afterStep }) {
      await comeToRest();
      for (let event = queue.next(); event; event = queue.next()) {
        if (event.atMs > untilMs || steps >= mostSteps) {
          queue.add(event);
          return;
        }
        const { action } = event;
        if (!action) continue;
        nowMs = event.atMs;
        steps++;
        trace.add(nowMs, event.label);
        action();
        await comeToRest();
        if (afterStep()) await comeToRest();
        if (isOver()) return;
      }
    },
  };
}

/** Node runs this only when the queue of microtasks is empty, so everything that could go on without time has. */
function comeToRest(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
