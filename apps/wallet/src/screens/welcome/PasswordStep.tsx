import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { passwordStrength } from '../../state/password.ts';
import { problemOf } from '../../state/problem.ts';
import styles from './steps.module.css';

interface PasswordStepProps {
  readonly count: string;
  readonly submitText: string;
  readonly onPassword: (password: string) => Promise<void>;
}

/** The password that the phrase is sealed with on this device. */
export function PasswordStep({ count, submitText, onPassword }: PasswordStepProps) {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { level, hint } = passwordStrength(password);
  const differs = repeated !== '' && !password.startsWith(repeated);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password !== repeated) return setProblem('The two passwords differ.');
    setBusy(true);
    setProblem(undefined);
    try {
      await onPassword(password);
    } catch (error) {
      const { message, action } = problemOf(error);
      setProblem(`${message} ${action}`);
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <header className={styles.head}>
        <p className={styles.count}>{count}</p>
        <h1>A password for this device</h1>
        <p className="quiet">
          It locks the wallet here. It cannot be reset: if it is lost, your twelve words bring the wallet back.
        </p>
      </header>
      <Field
        label="Password"
        type="password"
        value={password}
        autoComplete="new-password"
        disabled={busy}
        hint={
          <span className={styles.strength}>
            <span className={styles.meter} aria-hidden="true">
              {[1, 2, 3].map((step) => (
                <span key={step} data-on={level >= step || undefined} />
              ))}
            </span>
            {hint}
          </span>
        }
        onChange={(event) => setPassword(event.target.value)}
      />
      <Field
        label="Repeat the password"
        type="password"
        value={repeated}
        autoComplete="new-password"
        disabled={busy}
        problem={problem ?? (differs ? 'The two passwords differ.' : undefined)}
        onChange={(event) => {
          setRepeated(event.target.value);
          setProblem(undefined);
        }}
      />
      <Button type="submit" look="primary" size="large" wide busy={busy} disabled={level === 0 || repeated === ''}>
        {submitText}
      </Button>
    </form>
  );
}
