import { type Phrase, wordsOf } from '@fastpay/vault';
import { useEffect, useState } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { PhraseGrid } from '../../components/PhraseGrid.tsx';
import { EntryLayout } from './EntryLayout.tsx';
import { PasswordStep } from './PasswordStep.tsx';
import { PhraseQuiz } from './PhraseQuiz.tsx';
import styles from './steps.module.css';

/** Words, proof that they were written down, password. The words live in memory only until they are sealed. */
export function CreateWallet({ onBack }: { readonly onBack: () => void }) {
  const { platform, session } = useWallet();
  const [phrase, setPhrase] = useState<Phrase>();
  const [step, setStep] = useState<'words' | 'quiz' | 'password'>('words');

  useEffect(() => {
    let current = true;
    void platform.vault.newPhrase().then((fresh) => current && setPhrase(fresh));
    return () => {
      current = false;
    };
  }, [platform]);

  if (!phrase) return <EntryLayout onBack={onBack}>{null}</EntryLayout>;
  if (step === 'quiz') {
    return (
      <EntryLayout onBack={() => setStep('words')}>
        <PhraseQuiz phrase={phrase} onPassed={() => setStep('password')} />
      </EntryLayout>
    );
  }
  if (step === 'password') {
    return (
      <EntryLayout onBack={() => setStep('words')}>
        <PasswordStep
          count="Step 3 of 3"
          submitText="Create the wallet"
          onPassword={(password) => session.getState().createWallet(phrase, password)}
        />
      </EntryLayout>
    );
  }
  return (
    <EntryLayout onBack={onBack}>
      <header className={styles.head}>
        <p className={styles.count}>Step 1 of 3</p>
        <h1>Write these twelve words down</h1>
        <p className="quiet">
          In this order, on paper. They are the wallet: whoever has them has the money, and without them nobody can
          bring it back.
        </p>
      </header>
      <PhraseGrid words={wordsOf(phrase)} />
      <p className={styles.warning}>Nobody from FastPay will ever ask for them.</p>
      <Button look="primary" size="large" wide onClick={() => setStep('quiz')}>
        I have written them down
      </Button>
    </EntryLayout>
  );
}
