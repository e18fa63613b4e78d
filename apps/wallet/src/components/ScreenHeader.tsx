import type { ReactNode } from 'react';
import type { Screen } from '../app/router.ts';
import { goBack } from '../app/useRoute.ts';
import { IconButton } from './Button.tsx';
import styles from './ScreenHeader.module.css';

interface ScreenHeaderProps {
  readonly title: string;
  /** Where Back leads when there is no history. */
  readonly back?: Screen;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

export function ScreenHeader({ title, back, actions, children }: ScreenHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        {back && (
          <IconButton icon="back" label="Back" className={styles.back} data-to={back} onClick={() => goBack(back)} />
        )}
        <h1>{title}</h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children && <div className={styles.lead}>{children}</div>}
    </header>
  );
}
