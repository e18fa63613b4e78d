import { accountKey, type Hash, SKIP, slotKey } from '@fastpay/protocol';
import type { OutboxItem } from '@fastpay/validator';

/**
 * What is to be settled, in an order in which the reserve can take it (§6): each account's payments in slot order,
 * whatever funds a payment before it, and a SKIP only where a payment comes after it. Payments of
 * `isUrgent` items come first, with what they rest on; then those that were resolved first.
 */
export function orderForSettlement(
  items: readonly OutboxItem[],
  isUrgent: (item: OutboxItem) => boolean = () => false,
): readonly OutboxItem[] {
  const payments = items.filter((item) => item.certificate.value !== SKIP);
  const dependencies = createDependencies(items);
  const ordered: OutboxItem[] = [];
  const begun = new Set<OutboxItem>();
  for (const root of [...payments.filter(isUrgent), ...payments]) {
    // Depth first without recursion: chains are as long as the outbox.
    const path: { readonly item: OutboxItem; readonly before: Iterator<OutboxItem> }[] = [];
    const begin = (item: OutboxItem) => {
      if (begun.has(item)) return;
      begun.add(item);
      path.push({ item, before: dependencies(item).values() });
    };
    begin(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.before.next();
      if (next.done) {
        ordered.push(top.item);
        path.pop();
      } else begin(next.value);
    }
  }
  return ordered;
}

/** What has to be settled before an item, as far as it is in the outbox. */
function createDependencies(items: readonly OutboxItem[]): (item: OutboxItem) => readonly OutboxItem[] {
  const byValue = new Map<Hash, OutboxItem>();
  const byAccount = new Map<string, OutboxItem[]>();
  const credits = new Map<string, OutboxItem[]>();
  for (const item of items) {
    const { slot, value, signedOrder } = item.certificate;
    push(byAccount, accountKey(slot), item);
    if (!signedOrder) continue;
    byValue.set(value, item);
    push(credits, accountKey({ owner: signedOrder.order.recipient, asset: slot.asset }), item);
  }
  const previousSlot = new Map<OutboxItem, OutboxItem>();
  for (const own of byAccount.values()) linkInSlotOrder(own, previousSlot);
  /** How many credits of an account were named already; they are in the order of their cursors. */
  const named = new Map<string, number>();

  /** Money that came before the payment was resolved here may be what it spends, named as its parent or not. */
  function creditsBefore(item: OutboxItem): readonly OutboxItem[] {
    const key = accountKey(item.certificate.slot);
    const all = credits.get(key) ?? [];
    const start = named.get(key) ?? 0;
    let end = start;
    while (end < all.length && (all[end]?.cursor ?? item.cursor) < item.cursor) end++;
    named.set(key, end);
    return all.slice(start, end);
  }

  return (item) => {
    const previous = previousSlot.get(item);
    const before = previous ? [previous] : [];
    const { signedOrder } = item.certificate;
    // A SKIP costs nothing.
    if (!signedOrder) return before;
    const parents = signedOrder.order.parents.flatMap((parent) => byValue.get(parent) ?? []);
    return [...before, ...parents, ...creditsBefore(item)];
  };
}

function linkInSlotOrder(own: OutboxItem[], previousSlot: Map<OutboxItem, OutboxItem>): void {
  own.sort((left, right) => Number(left.certificate.slot.sequence - right.certificate.slot.sequence));
  let previous: OutboxItem | undefined;
  for (const item of own) {
    if (previous) previousSlot.set(item, previous);
    previous = item;
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Names an item among those of the outbox. */
export function itemKey({ certificate }: OutboxItem): string {
  return slotKey(certificate.slot);
}
