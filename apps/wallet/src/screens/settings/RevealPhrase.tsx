import { wordsOf } from '@fastpay/vault';
import { type FormEvent, useEffect, useState } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { PhraseGrid } from '../../components/PhraseGrid.tsx';
import { problemOf } from '../../state/problem.ts';
import styles from './Settings.module.css';

/** The words, after the password; gone again as soon as the window is hidden. */
export function RevealPhrase({ onClose }: { readonly onClose: () => void }) {
  const { platform } = useWallet();
  const [words, setWords] = useState<readonly string[]>();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const hide = () => {
      if (document.visibilityState === 'hidden') onClose();
    };
    document.addEventListener('visibilitychange', hide);
    return () => document.removeEventListener('visibilitychange', hide);
  }, [onClose]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      setWords(wordsOf(await platform.vault.reveal(password)));
      setPassword('');
    } catch (error) {
      setProblem(problemOf(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title="Recovery phrase" onClose={onClose}>
      {words ? (
        <>
          <p className="quiet">Whoever sees these words has your money. Nobody from FastPay will ever ask for them.</p>
          <PhraseGrid words={words} />
        </>
      ) : (
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <p className="quiet">Make sure that nobody and no camera sees this screen.</p>
          <Field
            label="Password"
            type="password"
            value={password}
            problem={problem}
            autoComplete="current-password"
            onChange={(event) => {
              setPassword(event.target.value);
              setProblem(undefined);
            }}
          />
          <Button type="submit" look="primary" wide busy={busy} disabled={password === ''}>
            Show the words
          </Button>
        </form>
      )}
    </Dialog>
  );
}
