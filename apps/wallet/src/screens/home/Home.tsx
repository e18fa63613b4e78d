import { lazy, Suspense, useMemo, useState } from 'react';
import { AccountButton } from '../../app/AccountButton.tsx';
import { loaders } from '../../app/loaders.ts';
import { formatHash } from '../../app/router.ts';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, usePreferences, useTempo } from '../../app/WalletContext.ts';
import { EntryRow, entryKey } from '../../components/ActivityRow.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { mergeEntries } from '../../state/activityList.ts';
import { Balance } from './Balance.tsx';
import styles from './Home.module.css';
import { LeavingBanner } from './LeavingBanner.tsx';
import { PendingPaymentBanner } from './PendingPaymentBanner.tsx';

const BalanceProof = lazy(loaders.balanceProof);

const LATEST = 5;

export function Home() {
  const items = useAccount((state) => state.items);
  const records = useTempo((state) => state.records);
  const entries = useMemo(() => mergeEntries(items, records), [items, records]);
  const isEmpty = useAccount((state) => state.view?.balance === 0n);
  const loaded = useAccount((state) => state.itemsLoaded);
  const hidden = usePreferences((state) => state.hideBalance);
  const change = usePreferences((state) => state.change);
  const [proofOpen, setProofOpen] = useState(false);
  return (
    <div className={styles.home}>
      <header className={styles.top}>
        <div className={styles.account}>
          <AccountButton />
        </div>
        <h1 className="visually-hidden">Home</h1>
        <IconButton
          icon={hidden ? 'eyeOff' : 'eye'}
          label={hidden ? 'Show amounts' : 'Hide amounts'}
          aria-pressed={hidden}
          onClick={() => change({ hideBalance: !hidden })}
        />
        <IconButton icon="settings" label="Settings" className={styles.settings} onClick={() => navigate('settings')} />
      </header>

      <Balance onProof={() => setProofOpen(true)} />

      <div className={styles.actions}>
        <Button look="primary" size="large" icon="pay" onClick={() => navigate('pay')}>
          Pay
        </Button>
        <Button size="large" icon="receive" onClick={() => navigate('receive')}>
          Receive
        </Button>
        <Button size="large" icon="deposit" onClick={() => navigate('deposit')}>
          Deposit
        </Button>
        <Button size="large" icon="withdraw" onClick={() => navigate('withdraw')}>
          Withdraw
        </Button>
      </div>

      <PendingPaymentBanner />
      <LeavingBanner />

      <section className={styles.activity} aria-labelledby="latest">
        <div className={styles.sectionTitle}>
          <h2 id="latest">Latest</h2>
          {entries.length > 0 && <a href={formatHash('activity')}>All activity</a>}
        </div>
        {entries.length > 0 ? (
          <ul>
            {entries.slice(0, LATEST).map((entry) => (
              <li key={entryKey(entry)}>
                <EntryRow entry={entry} />
              </li>
            ))}
          </ul>
        ) : loaded ? (
          <Empty icon="activity" title="Nothing here yet">
            <p>Payments appear here once this browser has verified them.</p>
            {isEmpty && (
              <Button size="small" icon="deposit" onClick={() => navigate('deposit')}>
                Add money
              </Button>
            )}
          </Empty>
        ) : null}
      </section>
      {proofOpen && (
        <Suspense>
          <BalanceProof onClose={() => setProofOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
