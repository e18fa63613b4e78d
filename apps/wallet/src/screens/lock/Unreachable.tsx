import { useEffect } from 'react';
import { useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import type { Problem } from '../../state/problem.ts';
import { EntryLayout } from '../welcome/EntryLayout.tsx';
import styles from './Lock.module.css';

const RETRY_MS = 3_000;

/** First start without the relay: there is nothing pinned yet that could be shown. */
export function Unreachable({ problem }: { readonly problem: Problem }) {
  const { session } = useWallet();
  useEffect(() => {
    const retry = () => void session.getState().start();
    const timer = setTimeout(retry, RETRY_MS);
    addEventListener('online', retry);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', retry);
    };
  });
  return (
    <EntryLayout>
      <div className={styles.panel}>
        <h1>No network yet</h1>
        <p className="quiet" role="status">
          The wallet has to learn its network from the relay once, and the relay cannot be reached: {problem.message} It
          is tried again every few seconds.
        </p>
        <Button look="primary" size="large" icon="refresh" onClick={() => void session.getState().start()}>
          Try now
        </Button>
      </div>
    </EntryLayout>
  );
}
