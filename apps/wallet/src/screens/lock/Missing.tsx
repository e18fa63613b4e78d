import { useState } from 'react';
import { useSessionState, useWallet } from '../../app/WalletContext.ts';
import { AddressText } from '../../components/AddressText.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import type { VaultKind, WalletMarker } from '../../platform/ports.ts';
import { dateText } from '../../state/format.ts';
import { problemOf } from '../../state/problem.ts';
import { EntryLayout } from '../welcome/EntryLayout.tsx';
import { ImportWallet } from '../welcome/ImportWallet.tsx';
import styles from './Lock.module.css';

const lossText: Record<VaultKind, string> = {
  phrase: 'The money is not lost: it belongs to the key, and your twelve words bring the key back.',
  passkey:
    'The money is not lost: it belongs to the passkey, which is where it was. The browser asks for it twice to find the account again.',
  device: 'Its key was in that data and nowhere else. Without it nobody can reach the money.',
};

/** The browser dropped the vault. Never a new wallet in its place without a word. */
export function Missing({ marker }: { readonly marker: WalletMarker }) {
  const { session, notices } = useWallet();
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const [importing, setImporting] = useState(false);
  const findPasskey = async () => {
    try {
      await session.getState().createKeyWallet('knownPasskey');
    } catch (error) {
      const { message, action } = problemOf(error);
      notices.getState().toast(`${message} ${action}`, 'problem');
    }
  };
  if (importing) return <ImportWallet onBack={() => setImporting(false)} />;
  return (
    <EntryLayout>
      <div className={styles.panel}>
        <h1>Your wallet is missing here</h1>
        <p className="quiet">
          A wallet was created in this browser on {dateText(marker.createdAtMs)}, but the browser has deleted its data.
          {lossText[marker.kind]}
        </p>
        <Banner icon="info" title="The wallet that was here">
          <AddressText address={marker.address} />
        </Banner>
        <div className={styles.actions}>
          {marker.kind === 'phrase' && (
            <Button look="primary" size="large" wide icon="key" onClick={() => setImporting(true)}>
              Import the phrase
            </Button>
          )}
          {marker.kind === 'passkey' && (
            <Button look="primary" size="large" wide icon="shield" onClick={() => void findPasskey()}>
              Use the passkey
            </Button>
          )}
          <Button size="large" wide onClick={() => session.getState().forgetMissing()}>
            Start with something else
          </Button>
        </div>
        {demoAccounts.length > 0 && (
          <p className="quiet">Starting with something else also offers the demo accounts.</p>
        )}
      </div>
    </EntryLayout>
  );
}
