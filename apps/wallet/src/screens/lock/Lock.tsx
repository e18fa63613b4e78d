import { type FormEvent, useState } from 'react';
import { useSessionState, useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import { problemOf } from '../../state/problem.ts';
import { RemoveWalletForm } from '../settings/RemoveWalletForm.tsx';
import { EntryLayout } from '../welcome/EntryLayout.tsx';
import styles from './Lock.module.css';

export function Lock() {
  const { session, platform } = useWallet();
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [forgotten, setForgotten] = useState(false);
  const marker = platform.vault.marker();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await session.getState().unlock(password);
    } catch (error) {
      const { message, action } = problemOf(error);
      setProblem(`${message} ${action}`);
      setBusy(false);
    }
  };

  return (
    <EntryLayout>
      <form className={styles.lock} onSubmit={(event) => void submit(event)}>
        {marker && <Identicon address={marker.address} size={72} />}
        <h1>Welcome back</h1>
        <p className="quiet">The wallet is locked. Its key is encrypted on this device.</p>
        <Field
          label="Password"
          type="password"
          value={password}
          problem={problem}
          autoComplete="current-password"
          disabled={busy}
          autoFocus
          onChange={(event) => {
            setPassword(event.target.value);
            setProblem(undefined);
          }}
        />
        <Button type="submit" look="primary" size="large" wide busy={busy} disabled={password === ''}>
          Unlock
        </Button>
        <Button look="quiet" wide onClick={() => setForgotten(true)}>
          Forgot the password?
        </Button>
      </form>
      {demoAccounts.length > 0 && (
        <div className={styles.demos}>
          <span className="quiet">Or a demo account:</span>
          {demoAccounts.map(({ name }) => (
            <Button key={name} size="small" onClick={() => void session.getState().openDemo(name)}>
              {name}
            </Button>
          ))}
        </div>
      )}
      {forgotten && (
        <Dialog title="Start over with your phrase" onClose={() => setForgotten(false)}>
          <p className="quiet">
            A password cannot be reset. With your twelve words you can remove the wallet from this device and import it
            again; the money is not on the device.
          </p>
          <RemoveWalletForm />
        </Dialog>
      )}
    </EntryLayout>
  );
}
