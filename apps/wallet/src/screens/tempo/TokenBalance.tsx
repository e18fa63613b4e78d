import { useEffect } from 'react';
import { useSession, useTempo } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import type { TempoActionType } from '../../state/tempoRecord.ts';
import styles from './Tempo.module.css';

/** What lies at one's own address on Tempo, beside FastPay. Reads the fee of `purpose` along with it. */
export function TokenBalance({ purpose }: { readonly purpose: TempoActionType }) {
  const { asset, devnetUrl, detached } = useSession();
  const look = useTempo((state) => state.look);
  const askFaucet = useTempo((state) => state.askFaucet);
  const tokens = useTempo((state) => state.tokenBalance);
  const busy = useTempo((state) => state.busy);

  useEffect(() => {
    if (!detached) void look(purpose);
  }, [look, detached, purpose]);

  return (
    <section className={styles.tokens} aria-label="On Tempo">
      <div>
        <p className={styles.label}>Your tokens on Tempo</p>
        <p className={styles.balance} data-testid="token-balance">
          {tokens === undefined ? '–' : <Amount value={tokens} symbol={asset.symbol} />}
        </p>
      </div>
      {devnetUrl !== undefined && (
        <Button
          size="small"
          icon="plus"
          busy={busy === 'faucet'}
          disabled={busy !== undefined}
          onClick={() => void askFaucet()}
        >
          Get test money
        </Button>
      )}
    </section>
  );
}
