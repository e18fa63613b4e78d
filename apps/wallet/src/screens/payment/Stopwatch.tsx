import { useEffect, useRef } from 'react';
import { Icon } from '../../components/Icon.tsx';
import { splitDuration } from '../../state/format.ts';
import type { LivePayment } from '../../state/livePayment.ts';
import styles from './Stopwatch.module.css';

/**
 * Runs while signatures are collected and stops at the measured time at which the quorum was verified. The running
 * figure is written straight into the page: sixty renders a second are not worth a tree.
 */
export function Stopwatch({ live, replayMs }: { readonly live: LivePayment; readonly replayMs: number | undefined }) {
  const number = useRef<HTMLSpanElement>(null);
  const running = live.phase === 'collecting' && live.startedAt !== undefined;
  const { startedAt } = live;

  useEffect(() => {
    if (!running || startedAt === undefined) return;
    let frame = 0;
    const tick = () => {
      if (number.current) number.current.textContent = splitDuration(performance.now() - startedAt).value;
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [running, startedAt]);

  if (live.phase === 'stalled') {
    return (
      <div className={styles.watch} data-tone="amber">
        <Icon name="clock" size={44} />
        <p className={styles.caption}>Waiting</p>
      </div>
    );
  }
  if (live.phase === 'skipped') {
    return (
      <div className={styles.watch}>
        <Icon name="close" size={44} />
        <p className={styles.caption}>{live.ending?.outcome === 'replaced' ? 'Replaced' : 'Cancelled'}</p>
      </div>
    );
  }
  if (live.phase === 'refused') {
    return (
      <div className={styles.watch} data-tone="red">
        <Icon name="close" size={44} />
        <p className={styles.caption}>Not made</p>
      </div>
    );
  }
  const shown = replayMs ?? live.paidMs;
  const { value, unit } = splitDuration(shown ?? 0);
  return (
    <div
      className={styles.watch}
      data-tone={live.phase === 'paid' && replayMs === undefined ? 'evidence' : undefined}
      aria-hidden="true"
    >
      <p className={styles.value}>
        {/* Keyed by what writes it, so that React and the frame loop never share a text node. */}
        <span key={running ? 'running' : 'still'} ref={number}>
          {running ? '0.0' : value}
        </span>
      </p>
      <p className={styles.unit}>{running ? 'ms' : unit}</p>
    </div>
  );
}
