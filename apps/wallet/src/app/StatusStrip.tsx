import { useEffect, useState } from 'react';
import { Icon } from '../components/Icon.tsx';
import styles from './StatusStrip.module.css';
import { useNetwork, useSession } from './WalletContext.ts';

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    addEventListener('online', update);
    addEventListener('offline', update);
    return () => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    };
  }, []);
  return online;
}

/** What one must know on every screen: that the money is play money, or that nothing can be reached. */
export function StatusStrip() {
  const { choice, network, detached } = useSession();
  const relay = useNetwork((state) => state.relay);
  const online = useOnline();
  return (
    <section className={styles.strips} aria-label="Status">
      {choice.kind === 'demo' && (
        <p className={styles.strip} data-tone="demo" data-testid="demo-badge">
          <strong>Demo</strong>
          <span>
            Play money of {choice.name} on “{network.name}”. Anyone can spend it.
          </span>
        </p>
      )}
      {detached ? (
        <p className={styles.strip} data-tone="offline" role="status">
          <Icon name="info" size={16} />
          <span>You are looking at a network that is no longer served here. Paying is not possible.</span>
        </p>
      ) : !online || relay === 'unreachable' ? (
        <p className={styles.strip} data-tone="offline" role="status" data-testid="offline-banner">
          <Icon name="offline" size={16} />
          <span>
            {online ? 'The relay cannot be reached.' : 'You are offline.'} Balance and history are as last verified;
            receiving by QR still works.
          </span>
        </p>
      ) : null}
    </section>
  );
}
