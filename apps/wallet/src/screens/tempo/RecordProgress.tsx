import { useNameOf } from '../../app/useNames.ts';
import { useSession } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { CopyIcon } from '../../components/CopyButton.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import { durationText, shortHex } from '../../state/format.ts';
import { stagesOf, type TempoRecord, tempoStageName, tempoTitle } from '../../state/tempoRecord.ts';
import styles from './RecordProgress.module.css';

/** How far a transaction on Tempo is, as far as this device has seen it. */
export function RecordProgress({ record }: { readonly record: TempoRecord }) {
  const { asset } = useSession();
  const nameOf = useNameOf();
  const stages = stagesOf(record.type);
  const reached = stages.indexOf(record.stage);
  const { recipient } = record;
  const start = record.reachedAtMs.sent;
  return (
    <article
      className={styles.record}
      aria-label={tempoTitle(record.type)}
      data-testid={`${record.type}-record`}
      data-stage={record.failed ? 'failed' : record.stage}
    >
      <header className={styles.top}>
        <p className={styles.amount}>
          {record.amount > 0n ? <Amount value={record.amount} symbol={asset.symbol} /> : tempoTitle(record.type)}
          {recipient !== undefined && (
            <span className={styles.to}>
              to <Identicon address={recipient} size={18} /> {nameOf(recipient) ?? shortHex(recipient)}
            </span>
          )}
        </p>
        <span className={styles.hash}>
          <span className="mono">{shortHex(record.transactionHash, 6)}</span>
          <CopyIcon text={record.transactionHash} what="Transaction hash" />
        </span>
      </header>
      {record.sponsor !== undefined && <p className={styles.note}>Network fee paid by {record.sponsor}</p>}
      {record.failed ? (
        <p className={styles.failed} role="status">
          {failureText(record)}
        </p>
      ) : (
        <ol className={styles.stages} data-count={stages.length}>
          {stages.map((stage, index) => {
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
                  {tempoStageName(stage)}
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

function failureText({ failed, sponsor }: TempoRecord): string {
  if (failed === 'expired')
    return 'No block took it in time, and none will. Everything is where it was; nothing was spent.';
  const fee = sponsor === undefined ? 'only the network fee was spent' : 'the network fee was not yours';
  return `The transaction was reverted. Everything is where it was; ${fee}.`;
}
