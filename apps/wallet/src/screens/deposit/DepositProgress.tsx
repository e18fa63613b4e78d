import { useSession } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { CopyIcon } from '../../components/CopyButton.tsx';
import { type DepositRecord, depositStageName, depositStages } from '../../state/depositRecord.ts';
import { durationText, shortHex } from '../../state/format.ts';
import styles from './DepositProgress.module.css';

/** How far a deposit is, as far as this device has seen it. */
export function DepositProgress({ record }: { readonly record: DepositRecord }) {
  const { asset } = useSession();
  const reached = depositStages.indexOf(record.stage);
  const start = record.reachedAtMs.sent;
  return (
    <article
      className={styles.record}
      aria-label="Deposit"
      data-testid="deposit-record"
      data-stage={record.failed ? 'failed' : record.stage}
    >
      <header className={styles.top}>
        <p className={styles.amount}>
          <Amount value={record.amount} symbol={asset.symbol} />
        </p>
        <span className={styles.hash}>
          <span className="mono">{shortHex(record.transactionHash, 6)}</span>
          <CopyIcon text={record.transactionHash} what="Transaction hash" />
        </span>
      </header>
      {record.failed ? (
        <p className={styles.failed} role="status">
          The transaction was reverted. The tokens are still at your address; only the network fee was spent.
        </p>
      ) : (
        <ol className={styles.stages}>
          {depositStages.map((stage, index) => {
            const at = record.reachedAtMs[stage];
            return (
              <li
                key={stage}
                className={styles.stage}
                data-reached={index <= reached || undefined}
                data-next={index === reached + 1 || undefined}
              >
                <span className={styles.bar} aria-hidden="true" />
                <span className={styles.name}>
                  {depositStageName(stage)}
                  <span className="visually-hidden">{index <= reached ? ', reached' : ', not yet'}</span>
                </span>
                <span className={styles.time}>
                  {at !== undefined && start !== undefined && index > 0 ? `+${durationText(at - start)}` : ''}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </article>
  );
}
