import type { ReactNode } from 'react';
import { IconButton } from '../../components/Button.tsx';
import { Logo } from '../../components/Logo.tsx';
import styles from './EntryLayout.module.css';
import { QuorumFigure } from './QuorumFigure.tsx';

interface EntryLayoutProps {
  readonly children: ReactNode;
  readonly onBack?: () => void;
}

/** Everything before an account is open: one column, and on a wide screen the mark of the thing beside it. */
export function EntryLayout({ children, onBack }: EntryLayoutProps) {
  return (
    <div className={styles.layout}>
      <main className={styles.column}>
        <div className={styles.brand}>
          {onBack ? (
            <IconButton icon="back" label="Back" className={styles.back} onClick={onBack} />
          ) : (
            <>
              <Logo /> <span>FastPay</span>
            </>
          )}
        </div>
        <div className={styles.content}>{children}</div>
      </main>
      <div className={styles.figure} aria-hidden="true">
        <QuorumFigure />
      </div>
    </div>
  );
}
