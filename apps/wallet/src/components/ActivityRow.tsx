import type { ActivityItem } from '@fastpay/client';
import { OrderKind } from '@fastpay/protocol';
import { formatHash, type Screen } from '../app/router.ts';
import { useNameOf } from '../app/useNames.ts';
import { usePreferences } from '../app/WalletContext.ts';
import { type ActivityEntry, counterparty, isPending, signedAmount } from '../state/activityList.ts';
import { durationText, shortHex, timeText } from '../state/format.ts';
import { standingText } from '../state/stages.ts';
import { isOpen, type TempoRecord, tempoFailureName, tempoStageName, tempoTitle } from '../state/tempoRecord.ts';
import styles from './ActivityRow.module.css';
import { Amount } from './Amount.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { Identicon } from './Identicon.tsx';

/** One payment in a list. */
function ActivityRow({ item }: { readonly item: ActivityItem }) {
  const nameOf = useNameOf();
  const hidden = usePreferences((state) => state.hideBalance);
  const other = counterparty(item);
  const name = nameOf(other);
  const sent = item.direction === 'sent';
  const withdrawn = item.order.kind === OrderKind.withdraw;
  const pending = isPending(item);
  return (
    <a className={styles.row} href={formatHash('transaction', item.transactionHash)} data-testid="activity-item">
      <span className={styles.picture}>
        <Identicon address={other} size={40} />
        <span className={styles.direction} data-direction={item.direction}>
          <Icon name={withdrawn ? 'withdraw' : sent ? 'pay' : 'receive'} size={12} />
        </span>
      </span>
      <span className={styles.text}>
        <span className={styles.name} data-mono={name === undefined || undefined}>
          {withdrawn ? (
            'Withdrawn to '
          ) : (
            <span className="visually-hidden">{sent ? 'Sent to ' : 'Received from '}</span>
          )}
          {other === item.order.sender && withdrawn ? 'yourself' : (name ?? shortHex(other))}
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

/** What a transaction on Tempo that this device follows looks like in the same list. */
function TempoRow({ record }: { readonly record: TempoRecord }) {
  const hidden = usePreferences((state) => state.hideBalance);
  const nameOf = useNameOf();
  const { type, recipient, amount } = record;
  const arrived = type === 'deposit' && record.stage === 'credited';
  const to = recipient === undefined ? '' : ` to ${nameOf(recipient) ?? shortHex(recipient)}`;
  return (
    <a className={styles.row} href={formatHash(screenOf(record))} data-testid={`activity-${type}`}>
      <span className={styles.deposit}>
        <Icon name={iconOf(record)} />
      </span>
      <span className={styles.text}>
        <span className={styles.name}>
          {tempoTitle(type)}
          {to}
        </span>
        <span className={styles.note}>
          {record.failed ? tempoFailureName(record.failed) : tempoStageName(record.stage)} ·{' '}
          {timeText(record.reachedAtMs.sent ?? 0)}
        </span>
      </span>
      {amount > 0n && (
        <span
          className={styles.amount}
          data-direction={arrived ? 'received' : undefined}
          data-pending={isOpen(record) || undefined}
        >
          <Amount value={type === 'deposit' ? amount : -amount} signed plain hidden={hidden} />
        </span>
      )}
    </a>
  );
}

function screenOf({ type }: TempoRecord): Screen {
  if (type === 'deposit') return 'deposit';
  if (type === 'transfer') return 'send';
  return type === 'settle' ? 'activity' : 'exit';
}

function iconOf({ type }: TempoRecord): IconName {
  if (type === 'deposit') return 'deposit';
  if (type === 'transfer') return 'send';
  return type === 'settle' ? 'block' : 'exit';
}

export function EntryRow({ entry }: { readonly entry: ActivityEntry }) {
  return entry.kind === 'payment' ? <ActivityRow item={entry.item} /> : <TempoRow record={entry.record} />;
}

export function entryKey(entry: ActivityEntry): string {
  return entry.kind === 'payment' ? entry.item.transactionHash : entry.record.transactionHash;
}
