import { splitAmount } from '../state/format.ts';
import styles from './Amount.module.css';

interface AmountProps {
  readonly value: bigint;
  readonly symbol?: string;
  /** Writes + before what comes in. */
  readonly signed?: boolean;
  readonly hidden?: boolean;
  /** Cents as strong as the rest: for amounts in a colour. */
  readonly plain?: boolean;
  readonly className?: string;
}

/** An exact amount with quiet cents. Screen readers get it as one number. */
export function Amount({ value, symbol, signed = false, hidden = false, plain = false, className }: AmountProps) {
  const { sign, whole, fraction } = splitAmount(value);
  const prefix = sign || (signed && value > 0n ? '+' : '');
  const spoken = hidden ? 'Hidden amount' : `${prefix}${whole}.${fraction}${symbol ? ` ${symbol}` : ''}`;
  return (
    <span className={[styles.amount, plain && styles.plain, className].filter(Boolean).join(' ')}>
      <span className="visually-hidden">{spoken}</span>
      <span aria-hidden="true">
        {hidden ? (
          <span className={styles.hidden}>••••</span>
        ) : (
          <>
            {prefix}
            {whole}
            <span className={styles.cents}>.{fraction}</span>
          </>
        )}
        {symbol && <span className={styles.symbol}> {symbol}</span>}
      </span>
    </span>
  );
}

/** The same, as large as the space allows: the number of characters sets the size, so that it never breaks. */
export function HeroAmount({ value, symbol, hidden = false }: Omit<AmountProps, 'signed' | 'plain' | 'className'>) {
  const { sign, whole, fraction } = splitAmount(value);
  const characters = hidden ? 9 : sign.length + whole.length + 1 + fraction.length;
  return (
    <span
      className={styles.hero}
      data-symbol={symbol !== undefined || undefined}
      style={{ '--characters': Math.max(characters, 5) } as React.CSSProperties}
    >
      <span className={styles.heroNumber}>
        <Amount value={value} hidden={hidden} />
      </span>
      {symbol && <span className={styles.heroSymbol}>{symbol}</span>}
    </span>
  );
}
