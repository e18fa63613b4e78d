import { networkId } from '@fastpay/client';
import { committeeHash } from '@fastpay/protocol';
import { navigate } from '../../app/useRoute.ts';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import type { ServedNetwork } from '../../platform/ports.ts';
import { shortHex } from '../../state/format.ts';
import { EntryLayout } from '../welcome/EntryLayout.tsx';
import styles from './Lock.module.css';

interface NetworkChangedProps {
  readonly pinned: ServedNetwork;
  readonly served: ServedNetwork;
}

/** What is served is not what this wallet trusts. On a devnet that is a fresh start; anywhere else it is an alarm. */
export function NetworkChanged({ pinned, served }: NetworkChangedProps) {
  const { session } = useWallet();
  const devnet = pinned.network.kind === 'devnet' && served.network.kind === 'devnet';
  const row = ({ network }: ServedNetwork) => (
    <span className="mono">
      {networkId(network)} / {shortHex(committeeHash(network.committee))}
    </span>
  );
  return (
    <EntryLayout>
      <div className={styles.panel}>
        <h1>{devnet ? 'The devnet was started anew' : 'This is another network'}</h1>
        <p className="quiet">
          {devnet
            ? 'Its chain, its reserve and its validators are new, so balances and payments of the old one mean nothing on it. Nothing has been signed or sent.'
            : 'The server describes another network or another committee than the one this wallet has pinned. Do not go on unless you know why. Nothing has been signed or sent.'}
        </p>
        <Facts>
          <Fact name="This wallet knows">{row(pinned)}</Fact>
          <Fact name="Served now">{row(served)}</Fact>
        </Facts>
        <div className={styles.actions}>
          <Button
            look={devnet ? 'primary' : 'danger'}
            size="large"
            wide
            onClick={() => {
              navigate('home');
              void session.getState().adoptNetwork();
            }}
          >
            {devnet ? 'Use the new devnet' : 'Trust the new network'}
          </Button>
          <Button size="large" wide onClick={() => void session.getState().keepNetwork()}>
            Look at the old history
          </Button>
        </div>
        <p className="quiet">
          {devnet
            ? 'Using the new devnet deletes the demo history of the old one. Keys and your own wallet stay.'
            : 'Keys stay where they are either way.'}
        </p>
      </div>
    </EntryLayout>
  );
}
