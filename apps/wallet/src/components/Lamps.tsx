import styles from './Lamps.module.css';

/** One lamp per validator, lit where this browser verified its signature. The text beside it says the number. */
export function Lamps({ size, lit }: { readonly size: number; readonly lit: readonly number[] }) {
  return (
    <span className={styles.lamps} aria-hidden="true">
      {Array.from({ length: size }, (_, signer) => (
        <span key={signer} className={styles.lamp} data-lit={lit.includes(signer) || undefined} />
      ))}
    </span>
  );
}
