import type { ActivityItem } from '@fastpay/client';
import { formatHash } from '../app/router.ts';
import { useNameOf } from '../app/useNames.ts';
import { usePreferences } from '../app/WalletContext.ts';
import { type ActivityEntry, counterparty, isPending, signedAmount } from '../state/activityList.ts';
import { type DepositRecord, depositStageName } from '../state/depositRecord.ts';
import { durationText, shortHex, timeText } from '../state/format.ts';
import { standingText } from '../state/stages.ts';
import styles from './ActivityRow.module.css';
import { Amount } from './Amount.tsx';
import { Icon } from './Icon.tsx';
import { Identicon } from './Identicon.tsx';

/** One payment in a list. */
function ActivityRow({ item }: { readonly item: ActivityItem }) {
  const nameOf = useNameOf();
  const hidden = usePreferences((state) => state.hideBalance);
  const other = counterparty(item);
  const name = nameOf(other);
  const sent = item.direction === 'sent';
  const pending = isPending(item);
  return (
    <a className={styles.row} href={formatHash('transaction', item.transactionHash)} data-testid="activity-item">
      <span className={styles.picture}>
        <Identicon address={other} size={40} />
        <span className={styles.direction} data-direction={item.direction}>
          <Icon name={sent ? 'pay' : 'receive'} size={12} />
        </span>
      </span>
      <span className={styles.text}>
        <span className={styles.name} data-mono={name === undefined || undefined}>
          <span className="visually-hidden">{sent ? 'Sent to ' : 'Received from '}</span>
          {name ?? shortHex(other)}
        </span>
        <span className={styles.note}>
          {pending ? 'Not completed yet' : standingText(item)}
          {item.times.paid !== undefined && !pending ? ` · ${durationText(item.times.paid)}` : ''} ·{' '}
          {timeText(item.createdAtMs)}
        </span>
      </span>
      <span className={styles.amount} data-direction={item.direction} data-pending={pending || undefined}>
        <Amount value={signedAmount(item)} signed plain={!sent || pending} hidden={hidden} />
      </span>
    </a>
  );
}

/** What a deposit that this device follows looks like in the same list. */
function DepositRow({ record }: { readonly record: DepositRecord }) {
  const hidden = usePreferences((state) => state.hideBalance);
  const credited = record.stage === 'credited';
  return (
    <a className={styles.row} href={formatHash('deposit')} data-testid="activity-deposit">
      <span className={styles.deposit}>
        <Icon name="deposit" />
      </span>
      <span className={styles.text}>
        <span className={styles.name}>Deposit</span>
        <span className={styles.note}>
          {record.failed ? 'Reverted' : depositStageName(record.stage)} · {timeText(record.reachedAtMs.sent ?? 0)}
        </span>
      </span>
      <span
        className={styles.amount}
        data-direction={credited ? 'received' : undefined}
        data-pending={(!credited && !record.failed) || undefined}
      >
        <Amount value={record.amount} signed plain hidden={hidden} />
      </span>
    </a>
  );
}

export function EntryRow({ entry }: { readonly entry: ActivityEntry }) {
  return entry.kind === 'payment' ? <ActivityRow item={entry.item} /> : <DepositRow record={entry.record} />;
}

export function entryKey(entry: ActivityEntry): string {
  return entry.kind === 'payment' ? entry.item.transactionHash : entry.record.transactionHash;
}
