import type { CSSProperties } from 'react';
import { useNetwork } from '../app/WalletContext.ts';
import { durationText } from '../state/format.ts';
import styles from './BlockClock.module.css';

/** A bar that fills from one block to the next at the pace seen so far. */
export function BlockClock() {
  const interval = useNetwork((state) => state.blockIntervalMs);
  const movedAt = useNetwork((state) => state.headMovedAtMs);
  return (
    <div className={styles.clock}>
      <div className={styles.track}>
        {interval !== undefined && movedAt !== undefined && (
          <span
            key={movedAt}
            className={styles.fill}
            style={{ '--interval': `${Math.round(interval)}ms` } as CSSProperties}
          />
        )}
      </div>
      <p className={styles.text}>
        {interval === undefined ? 'Watching for blocks…' : `A block every ${durationText(interval)}`}
      </p>
    </div>
  );
}
