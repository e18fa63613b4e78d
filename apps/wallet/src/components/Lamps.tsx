import styles from './Lamps.module.css';

interface LampsProps {
  readonly size: number;
  readonly lit: readonly number[];
  /** Only what the relay says, so not in green. */
  readonly reported?: boolean;
}

/** One lamp per validator, lit where this browser verified its signature. The text beside it says the number. */
export function Lamps({ size, lit, reported = false }: LampsProps) {
  return (
    <span className={styles.lamps} data-reported={reported || undefined} aria-hidden="true">
      {Array.from({ length: size }, (_, signer) => (
        <span key={signer} className={styles.lamp} data-lit={lit.includes(signer) || undefined} />
      ))}
    </span>
  );
}
