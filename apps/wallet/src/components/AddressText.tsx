import { checksummed } from '@fastpay/client';
import type { Address } from '@fastpay/protocol';
import { addressGroups } from '../state/format.ts';
import styles from './AddressText.module.css';

/** The whole address in groups of four, so that two people can compare it aloud. */
export function AddressText({ address }: { readonly address: Address }) {
  const text = checksummed(address);
  return (
    <span className={styles.address}>
      <span className="visually-hidden">{text}</span>
      <span className={styles.groups} aria-hidden="true">
        <span className={styles.prefix}>0x</span>
        {addressGroups(text).map((group, index) => (
          <span key={index} className={styles.group}>
            {group}
          </span>
        ))}
      </span>
    </span>
  );
}
