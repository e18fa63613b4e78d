import type { ReactNode } from 'react';
import styles from './Banner.module.css';
import { Icon, type IconName } from './Icon.tsx';

interface BannerProps {
  readonly tone?: 'plain' | 'amber' | 'red' | 'evidence';
  readonly icon?: IconName;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Announced as it appears. */
  readonly live?: boolean;
}

export function Banner({ tone = 'plain', icon, title, children, actions, live = false }: BannerProps) {
  return (
    <div className={styles.banner} data-tone={tone} role={live ? 'status' : undefined}>
      {icon && (
        <span className={styles.icon}>
          <Icon name={icon} />
        </span>
      )}
      <div className={styles.text}>
        <p className={styles.title}>{title}</p>
        {children && <div className={styles.detail}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
