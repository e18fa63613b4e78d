import { type FormEvent, useState } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import type { Session } from '../../state/session.ts';
import styles from './Settings.module.css';

const WORD = 'remove';

/** Typed on purpose: a tap is too easy for this. */
export function RemoveWalletForm({ keyKind = 'phrase' }: { readonly keyKind?: Session['keyKind'] }) {
  const { session } = useWallet();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void session.getState().removeWallet();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={`Type “${WORD}” to remove the wallet from this device`}
        value={text}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={
          keyKind === 'phrase'
            ? 'Without your twelve words the money cannot be reached any more.'
            : 'Nothing brings this wallet back here.'
        }
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="danger" icon="trash" wide disabled={text.trim().toLowerCase() !== WORD}>
        Remove the wallet
      </Button>
    </form>
  );
}
