import { type Slot, slotKey, slotOf } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import type { JournalEntry } from '../store/client-store.ts';

/**
 * The orders that this owner signed for a slot that is open, its own before what it adopted. Whoever ends a slot keeps to
 * it: which one is the lowest may change at any time, when another device's order is adopted into one further down.
 */
export async function openEntriesOf(core: ClientCore, slot: Slot): Promise<readonly JournalEntry[]> {
  const key = slotKey(slot);
  const entries = await core.store.openEntries(slot);
  return entries.filter(({ signedOrder }) => slotKey(slotOf(signedOrder.order)) === key);
}

/** By this device's clock. It bounds new votes only: an expired order may still happen. */
export function isExpired(core: ClientCore, { signedOrder }: JournalEntry): boolean {
  return BigInt(core.clock.nowMs()) > signedOrder.order.validUntil * 1_000n;
}
