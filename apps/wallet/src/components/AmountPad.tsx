import { type PadKey, pressPadKey } from '../state/amountInput.ts';
import styles from './AmountPad.module.css';
import { Icon } from './Icon.tsx';

const keys: readonly PadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '0', 'back'];

/** Big keys for a thumb. Out of the tab order: whoever has a keyboard types into the field itself. */
export function AmountPad({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  return (
    <fieldset className={styles.pad}>
      <legend className="visually-hidden">Amount pad</legend>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          className={styles.key}
          tabIndex={-1}
          aria-label={key === 'back' ? 'Delete' : key === '.' ? 'Point' : key}
          onClick={() => {
            navigator.vibrate?.(6);
            onChange(pressPadKey(text, key));
          }}
        >
          {key === 'back' ? <Icon name="backspace" size={24} /> : key}
        </button>
      ))}
    </fieldset>
  );
}
