import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './Field.module.css';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Shown instead of the hint and announced. */
  readonly problem?: string | undefined;
  /** Controls inside the field, at its end. */
  readonly trailing?: ReactNode;
}

export function Field({ label, hint, problem, trailing, className, ...input }: FieldProps) {
  const id = useId();
  const note = useId();
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box} data-problem={problem !== undefined || undefined}>
        <input
          {...input}
          id={id}
          className={styles.input}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={problem !== undefined || hint !== undefined ? note : undefined}
        />
        {trailing}
      </div>
      <div id={note} className={styles.note} data-problem={problem !== undefined || undefined} aria-live="polite">
        {problem ?? hint}
      </div>
    </div>
  );
}
