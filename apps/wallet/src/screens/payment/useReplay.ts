import { useCallback, useEffect, useState } from 'react';
import type { LivePayment } from '../../state/livePayment.ts';

/** How long the whole payment takes when it is shown again. */
const REPLAY_MS = 4_000;

export interface Replay {
  /** The moment being shown; undefined while nothing is replayed. */
  readonly atMs: number | undefined;
  /** Counts the runs: a new one starts with an empty ring. */
  readonly run: number;
  start(): void;
}

/** Plays the measured times back slowly enough for eyes. */
export function useReplay(live: LivePayment): Replay {
  const [run, setRun] = useState(0);
  const [atMs, setAtMs] = useState<number>();
  const end = live.paidMs ?? 0;

  useEffect(() => {
    if (run === 0) return;
    const startedAt = performance.now();
    let frame = 0;
    const tick = () => {
      const share = (performance.now() - startedAt) / REPLAY_MS;
      if (share >= 1) return setAtMs(undefined);
      setAtMs(share * end);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [run, end]);

  const start = useCallback(() => {
    setAtMs(0);
    setRun((previous) => previous + 1);
  }, []);
  return { atMs, run, start };
}
