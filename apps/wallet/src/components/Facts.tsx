import type { ReactNode } from 'react';
import styles from './Facts.module.css';

/** Names and values, one a row. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({
  name,
  children,
  stacked = false,
}: {
  readonly name: string;
  readonly children: ReactNode;
  readonly stacked?: boolean;
}) {
  return (
    <div className={styles.fact} data-stacked={stacked || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
