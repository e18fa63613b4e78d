import { checksummed } from '@fastpay/client';
import { useState } from 'react';
import { Dialog } from '../components/Dialog.tsx';
import { Icon } from '../components/Icon.tsx';
import { Identicon } from '../components/Identicon.tsx';
import { shortHex } from '../state/format.ts';
import styles from './AccountButton.module.css';
import { useAccountName } from './useNames.ts';
import { navigate } from './useRoute.ts';
import { useSession, useSessionState, useWallet } from './WalletContext.ts';

/** Who one is here, and the way to be someone else. */
export function AccountButton() {
  const [open, setOpen] = useState(false);
  const { address } = useSession();
  const name = useAccountName();
  return (
    <>
      <button type="button" className={styles.button} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <span className="visually-hidden">Switch account, now </span>
        <Identicon address={address} size={32} />
        <span className={styles.names}>
          <span className={styles.name}>{name}</span>
          <span className={styles.address}>{shortHex(checksummed(address))}</span>
        </span>
        <Icon name="down" size={16} />
      </button>
      {open && <AccountSheet onClose={() => setOpen(false)} />}
    </>
  );
}

function AccountSheet({ onClose }: { readonly onClose: () => void }) {
  const { choice, keyKind, address } = useSession();
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const { session } = useWallet();
  const run = (action: () => void | Promise<void>) => {
    onClose();
    navigate('home');
    void Promise.resolve(action());
  };
  return (
    <Dialog title="Accounts" onClose={onClose}>
      <ul className={styles.list}>
        {choice.kind === 'wallet' && (
          <li>
            <span className={styles.row} data-current>
              <Identicon address={address} size={36} />
              <span className={styles.names}>
                <span className={styles.name}>My wallet</span>
                <span className={styles.address}>{shortHex(checksummed(address))}</span>
              </span>
              <Icon name="check" />
            </span>
          </li>
        )}
        {demoAccounts.map((demo) => {
          const current = choice.kind === 'demo' && choice.name === demo.name;
          return (
            <li key={demo.address}>
              <button
                type="button"
                className={styles.row}
                data-current={current || undefined}
                aria-pressed={current}
                onClick={() => (current ? onClose() : run(() => session.getState().openDemo(demo.name)))}
              >
                <Identicon address={demo.address} size={36} />
                <span className={styles.names}>
                  <span className={styles.name}>{demo.name}</span>
                  <span className={styles.address}>Demo · {shortHex(checksummed(demo.address))}</span>
                </span>
                {current && <Icon name="check" />}
              </button>
            </li>
          );
        })}
      </ul>
      <ul className={styles.list}>
        {keyKind === 'phrase' && (
          <li>
            <button type="button" className={styles.row} onClick={() => run(() => session.getState().lock())}>
              <Icon name="lock" />
              <span className={styles.name}>Lock now</span>
            </button>
          </li>
        )}
        <li>
          <button
            type="button"
            className={styles.row}
            onClick={() => {
              onClose();
              navigate('settings');
            }}
          >
            <Icon name="settings" />
            <span className={styles.name}>Settings</span>
          </button>
        </li>
        {choice.kind === 'demo' && (
          <li>
            <button type="button" className={styles.row} onClick={() => run(() => session.getState().leave())}>
              <Icon name="users" />
              <span className={styles.name}>Leave the demo</span>
            </button>
          </li>
        )}
      </ul>
    </Dialog>
  );
}
