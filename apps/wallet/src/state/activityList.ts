import type { ActivityItem } from '@fastpay/client';
import { type Address, formatAmount } from '@fastpay/protocol';
import { dayText, startOfDay } from './format.ts';
import { isOpen, type TempoRecord, tempoTitle } from './tempoRecord.ts';

export const filters = ['all', 'sent', 'received', 'pending'] as const;
export type Filter = (typeof filters)[number];

export function isPending(item: ActivityItem): boolean {
  return item.stage === 'SIGNED' || item.stage === 'ACCEPTED' || item.stage === 'CERTIFIED';
}

/** The other side of a payment. */
export function counterparty(item: ActivityItem): Address {
  return item.direction === 'sent' ? item.order.recipient : item.order.sender;
}

/** What changed hands, seen from this account. The fee, which is the sender's, is among the details. */
export function signedAmount(item: ActivityItem): bigint {
  return item.direction === 'sent' ? -item.order.amount : item.order.amount;
}

export type NameOf = (address: Address) => string | undefined;

function matchesFilter(item: ActivityItem, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'pending') return isPending(item);
  return item.direction === filter;
}

function matchesSearch(item: ActivityItem, search: string, nameOf: NameOf): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const other = counterparty(item);
  return (
    other.includes(wanted) ||
    item.transactionHash.includes(wanted) ||
    formatAmount(item.order.amount).includes(wanted.replaceAll(',', '')) ||
    (nameOf(other)?.toLowerCase().includes(wanted) ?? false)
  );
}

export function selectItems(
  items: readonly ActivityItem[],
  { filter, search, nameOf }: { readonly filter: Filter; readonly search: string; readonly nameOf: NameOf },
): readonly ActivityItem[] {
  return items.filter((item) => matchesFilter(item, filter) && matchesSearch(item, search, nameOf));
}

/** One line of the list: a payment, or a transaction on Tempo that was made from this device. */
export type ActivityEntry =
  | { readonly kind: 'payment'; readonly atMs: number; readonly item: ActivityItem }
  | { readonly kind: 'tempo'; readonly atMs: number; readonly record: TempoRecord };

/** Payments and transactions on Tempo in one list, newest first. */
export function mergeEntries(
  items: readonly ActivityItem[],
  records: readonly TempoRecord[],
): readonly ActivityEntry[] {
  const entries: ActivityEntry[] = [
    ...items.map((item) => ({ kind: 'payment', atMs: item.createdAtMs, item }) as const),
    ...records.map((record) => ({ kind: 'tempo', atMs: record.reachedAtMs.sent ?? 0, record }) as const),
  ];
  return entries.sort((left, right) => right.atMs - left.atMs);
}

export function selectRecords(
  records: readonly TempoRecord[],
  { filter, search, nameOf }: { readonly filter: Filter; readonly search: string; readonly nameOf: NameOf },
): readonly TempoRecord[] {
  const wanted = search.trim().toLowerCase();
  return records.filter((record) => {
    if (filter === 'received' || (filter === 'sent' && record.type !== 'transfer')) return false;
    if (filter === 'pending' && !isOpen(record)) return false;
    return (
      tempoTitle(record.type).toLowerCase().includes(wanted) ||
      record.transactionHash.includes(wanted) ||
      (record.recipient !== undefined &&
        (record.recipient.includes(wanted) || (nameOf(record.recipient)?.toLowerCase().includes(wanted) ?? false))) ||
      formatAmount(record.amount).includes(wanted.replaceAll(',', ''))
    );
  });
}

export interface DayGroup {
  readonly day: number;
  readonly title: string;
  readonly entries: readonly ActivityEntry[];
}

/** Groups a newest-first list by the day on this device's clock. */
export function groupByDay(entries: readonly ActivityEntry[], nowMs: number): readonly DayGroup[] {
  const groups = new Map<number, ActivityEntry[]>();
  for (const entry of entries) {
    const day = startOfDay(entry.atMs);
    const group = groups.get(day);
    if (group) group.push(entry);
    else groups.set(day, [entry]);
  }
  return [...groups].map(([day, group]) => ({ day, title: dayText(day, nowMs), entries: group }));
}

/** People paid before, newest first, each once. */
export function recentRecipients(items: readonly ActivityItem[], limit: number): readonly Address[] {
  const recent = new Set<Address>();
  for (const item of items) {
    if (item.direction === 'sent') recent.add(item.order.recipient);
    if (recent.size === limit) break;
  }
  return [...recent];
}

/** Payments received that were not there before: what deserves a celebration. */
export function newlyReceived(before: ReadonlySet<string>, items: readonly ActivityItem[]): readonly ActivityItem[] {
  return items.filter(
    (item) => item.direction === 'received' && item.stage === 'QUEUED_ONCHAIN' && !before.has(item.transactionHash),
  );
}
