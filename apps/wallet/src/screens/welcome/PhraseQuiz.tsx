import { isQuizPassed, type Phrase, type QuizQuestion } from '@fastpay/vault';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import styles from './steps.module.css';

/** Three of the words, so that the paper is known to exist. */
export function PhraseQuiz({ phrase, onPassed }: { readonly phrase: Phrase; readonly onPassed: () => void }) {
  const { platform } = useWallet();
  const [questions, setQuestions] = useState<readonly QuizQuestion[]>([]);
  const [answers, setAnswers] = useState<ReadonlyMap<number, string>>(new Map());
  const [failed, setFailed] = useState(false);

  const ask = useCallback(async () => {
    setQuestions(await platform.vault.quiz(phrase));
    setAnswers(new Map());
  }, [platform, phrase]);
  useEffect(() => {
    void ask();
  }, [ask]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = [...answers].map(([position, word]) => ({ position, word }));
    if (isQuizPassed(phrase, questions, given)) return onPassed();
    setFailed(true);
    void ask();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <header className={styles.head}>
        <p className={styles.count}>Step 2 of 3</p>
        <h1>Check your paper</h1>
        <p className="quiet">Which words stand at these places? Back shows all twelve again.</p>
      </header>
      {questions.map(({ position, choices }) => (
        <fieldset key={position} className={styles.question}>
          <legend>Word {position + 1}</legend>
          <div className={styles.choices}>
            {choices.map((word) => (
              <label key={word} className={styles.choice}>
                <input
                  type="radio"
                  className="visually-hidden"
                  name={`word-${position}`}
                  checked={answers.get(position) === word}
                  onChange={() => setAnswers(new Map(answers).set(position, word))}
                />
                {word}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <p className={styles.problem} role="alert">
        {failed && 'That was not right. Here are other questions: look at your paper once more.'}
      </p>
      <Button
        type="submit"
        look="primary"
        size="large"
        wide
        disabled={questions.length === 0 || questions.some(({ position }) => !answers.has(position))}
      >
        Check
      </Button>
    </form>
  );
}
