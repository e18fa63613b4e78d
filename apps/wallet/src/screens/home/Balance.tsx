import { orderCost } from '@fastpay/protocol';
import { useNow } from '../../app/useNow.ts';
import { useAccount, useNetwork, usePreferences, useSession } from '../../app/WalletContext.ts';
import { Amount, HeroAmount } from '../../components/Amount.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Lamps } from '../../components/Lamps.tsx';
import { agoText } from '../../state/format.ts';
import styles from './Balance.module.css';

function available(balance: bigint, reserved: bigint): bigint {
  return balance > reserved ? balance - reserved : 0n;
}

/** The hero: what one has, and who vouches for it. */
export function Balance({ onProof }: { readonly onProof: () => void }) {
  const { asset, network } = useSession();
  const view = useAccount((state) => state.view);
  const pending = useAccount((state) => state.pending);
  const problem = useAccount((state) => state.problem);
  const relay = useNetwork((state) => state.relay);
  const hidden = usePreferences((state) => state.hideBalance);
  const now = useNow(1_000);
  const size = network.committee.members.length;
  const stale = problem !== undefined || relay === 'unreachable';
  // With too few validators to ask, the last balance stands, and what has been signed since is known here anyway.
  const reserved = pending ? orderCost(pending.signedOrder.order) : view ? view.balance - view.available : 0n;
  const tooFew = problem !== undefined && relay === 'reachable';
  return (
    <section className={styles.balance} aria-label="Balance">
      <p className={styles.label}>
        Balance <span className={styles.symbol}>{asset.symbol}</span>
      </p>
      <div className={styles.number} data-testid="balance" data-loading={!view || undefined}>
        {view ? <HeroAmount value={view.balance} hidden={hidden} /> : <span className={styles.waiting}>–</span>}
      </div>
      <button
        type="button"
        className={styles.proof}
        onClick={onProof}
        data-testid="balance-proof"
        data-stale={stale || undefined}
      >
        {view ? (
          <>
            <Lamps size={size} lit={stale ? [] : view.signers} />
            <span>
              {stale
                ? `${tooFew ? 'Too few validators answer' : 'Offline'} · verified ${agoText(view.asOfMs, now)}`
                : `Verified by ${view.signers.length} of ${size} validators · ${agoText(view.asOfMs, now)}`}
            </span>
          </>
        ) : (
          <>
            <Lamps size={size} lit={[]} />
            <span>{problem ? 'Could not be verified' : 'Asking the validators…'}</span>
          </>
        )}
        <Icon name="forward" size={14} />
      </button>
      {reserved > 0n && view && (
        <dl className={styles.split}>
          <div>
            <dt>Available</dt>
            <dd>
              <Amount value={available(view.balance, reserved)} hidden={hidden} />
            </dd>
          </div>
          <div data-tone="pending">
            <dt>In a pending payment</dt>
            <dd>
              <Amount value={reserved} plain hidden={hidden} />
            </dd>
          </div>
        </dl>
      )}
    </section>
  );
}
