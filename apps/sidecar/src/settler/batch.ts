import type { Address } from '@fastpay/protocol';
import type { OutboxItem } from '@fastpay/validator';

export interface BatchBounds {
  readonly entries: number;
  /** Of all entries as calldata. */
  readonly bytes: number;
}

/** What is settled in one transaction: of one asset, in order. */
export interface Batch {
  readonly asset: Address;
  readonly items: readonly OutboxItem[];
}

/**
 * The first batch of each asset among ordered items, the asset of the first item first. What does not fit waits: an
 * item is never left out for one behind it of the same asset.
 */
export function firstBatches(
  ordered: readonly OutboxItem[],
  bounds: BatchBounds,
  bytesOf: (item: OutboxItem) => number,
): readonly Batch[] {
  const byAsset = new Map<Address, { readonly items: OutboxItem[]; bytes: number; isFull: boolean }>();
  for (const item of ordered) {
    const { asset } = item.certificate.slot;
    const batch = byAsset.get(asset) ?? { items: [], bytes: 0, isFull: false };
    byAsset.set(asset, batch);
    if (batch.isFull) continue;
    const bytes = batch.bytes + bytesOf(item);
    // One alone always goes: the protocol bounds what a certificate can be.
    batch.isFull = batch.items.length > 0 && (bytes > bounds.bytes || batch.items.length >= bounds.entries);
    if (batch.isFull) continue;
    batch.items.push(item);
    batch.bytes = bytes;
  }
  return [...byAsset].map(([asset, { items }]) => ({ asset, items }));
}
