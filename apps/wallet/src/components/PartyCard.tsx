import type { Address } from '@fastpay/protocol';
import type { ReactNode } from 'react';
import { AddressText } from './AddressText.tsx';
import { Identicon } from './Identicon.tsx';
import styles from './PartyCard.module.css';

interface PartyCardProps {
  /** What this party is, for those who cannot see the card. */
  readonly label: string;
  readonly address: Address;
  /** What it is called here. */
  readonly children: ReactNode;
}

/** Who is at the other end, with the whole address. */
export function PartyCard({ label, address, children }: PartyCardProps) {
  return (
    <section className={styles.card} aria-label={label}>
      <Identicon address={address} size={48} />
      <div className={styles.who}>
        <p className={styles.name}>{children}</p>
        <AddressText address={address} />
      </div>
    </section>
  );
}
