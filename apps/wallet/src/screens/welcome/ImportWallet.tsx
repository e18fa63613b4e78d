import { type Phrase, PhraseError, wordsOf } from '@fastpay/vault';
import { type FormEvent, useId, useState } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { plural } from '../../state/format.ts';
import { problemOf } from '../../state/problem.ts';
import { EntryLayout } from './EntryLayout.tsx';
import { PasswordStep } from './PasswordStep.tsx';
import styles from './steps.module.css';

interface Fault {
  readonly message: string;
  /** Place of the word that is not in the list. */
  readonly position?: number;
  readonly suggestions: readonly string[];
}

export function ImportWallet({ onBack }: { readonly onBack: () => void }) {
  const { session } = useWallet();
  const [phrase, setPhrase] = useState<Phrase>();
  if (phrase) {
    return (
      <EntryLayout onBack={() => setPhrase(undefined)}>
        <PasswordStep
          count="Step 2 of 2"
          submitText="Import the wallet"
          onPassword={(password) => session.getState().createWallet(phrase, password)}
        />
      </EntryLayout>
    );
  }
  return (
    <EntryLayout onBack={onBack}>
      <PhraseForm onPhrase={setPhrase} />
    </EntryLayout>
  );
}

function PhraseForm({ onPhrase }: { readonly onPhrase: (phrase: Phrase) => void }) {
  const { platform } = useWallet();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<Fault>();
  const field = useId();
  const note = useId();
  const words = wordsOf(text);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      onPhrase(await platform.vault.checkPhrase(text));
    } catch (error) {
      if (!(error instanceof PhraseError)) return setFault({ message: problemOf(error).message, suggestions: [] });
      const { message, position } = error;
      if (position === undefined) return setFault({ message, suggestions: [] });
      const suggestions = await platform.vault.suggest(words[position] ?? '');
      setFault({ message: `Word ${position + 1} is not in the list of words.`, position, suggestions });
    }
  };
  const replace = (position: number, word: string) => {
    setText(words.map((old, place) => (place === position ? word : old)).join(' '));
    setFault(undefined);
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <header className={styles.head}>
        <p className={styles.count}>Step 1 of 2</p>
        <h1>Your twelve words</h1>
        <p className="quiet">In their order, with spaces between them. They stay on this device.</p>
      </header>
      <div className={styles.head}>
        <label htmlFor={field}>Recovery phrase</label>
        <textarea
          id={field}
          className={styles.words}
          value={text}
          aria-describedby={note}
          aria-invalid={fault !== undefined || undefined}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setFault(undefined);
          }}
        />
        <p id={note} className={fault ? styles.problem : styles.count} aria-live="polite">
          {fault?.message ?? `${plural(words.length, 'word')} of 12`}
        </p>
        {fault?.position !== undefined && fault.suggestions.length > 0 && (
          <p className={styles.suggestions}>
            {fault.suggestions.map((word) => (
              <Button
                key={word}
                size="small"
                onClick={() => fault.position !== undefined && replace(fault.position, word)}
              >
                {word}
              </Button>
            ))}
          </p>
        )}
      </div>
      <Button type="submit" look="primary" size="large" wide disabled={words.length === 0}>
        Next
      </Button>
    </form>
  );
}
