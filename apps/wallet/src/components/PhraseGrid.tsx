import styles from './PhraseGrid.module.css';

/** Numbered words. Not selectable by accident, and never offered to the clipboard. */
export function PhraseGrid({ words }: { readonly words: readonly string[] }) {
  return (
    <ol className={styles.grid} aria-label="Recovery phrase" data-testid="phrase">
      {words.map((word, index) => (
        <li key={index} className={styles.word}>
          <span className={styles.number} aria-hidden="true">
            {index + 1}
          </span>
          <span data-word>{word}</span>
        </li>
      ))}
    </ol>
  );
}
