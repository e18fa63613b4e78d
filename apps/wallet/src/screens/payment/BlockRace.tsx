import type { CSSProperties } from 'react';
import { useNetwork } from '../../app/WalletContext.ts';
import { durationText } from '../../state/format.ts';
import type { LivePayment } from '../../state/livePayment.ts';
import styles from './BlockRace.module.css';

/** The payment beside the chain's next block, on one line of time. Both are measured, neither is assumed. */
export function BlockRace({ live }: { readonly live: LivePayment }) {
  const interval = useNetwork((state) => state.blockIntervalMs);
  const { paidMs = 0, nextBlockMs } = live;
  // Until the block comes, the bar is as long as blocks take here; then it ends with the block.
  const scale = Math.max(nextBlockMs ?? interval ?? 0, paidMs, 1);
  const tookLonger = nextBlockMs !== undefined && nextBlockMs > paidMs;
  return (
    <div className={styles.race}>
      <div
        className={styles.track}
        data-done={nextBlockMs !== undefined || undefined}
        style={
          {
            '--paid': `${(paidMs / scale) * 100}%`,
            '--interval': `${Math.round(Math.max(scale - paidMs, 1))}ms`,
          } as CSSProperties
        }
        aria-hidden="true"
      >
        <span className={styles.block} />
        <span className={styles.paid} />
      </div>
      <p className={styles.text}>
        {nextBlockMs === undefined
          ? 'Waiting for the next Tempo block…'
          : tookLonger
            ? `The next Tempo block came ${durationText(nextBlockMs - paidMs)} later.`
            : 'A Tempo block came meanwhile.'}
      </p>
    </div>
  );
}
