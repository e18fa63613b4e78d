import { type AccountId, slotKey, slotOf } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import type { JournalEntry } from '../store/client-store.ts';

/** The orders that this owner signed for the account's lowest open slot, own before adopted. */
export async function entriesOfLowestSlot(core: ClientCore, account: AccountId): Promise<readonly JournalEntry[]> {
  const entries = await core.store.openEntries(account);
  const [first] = entries;
  if (!first) return [];
  const key = slotOfEntry(first);
  return entries.filter((entry) => slotOfEntry(entry) === key);
}

/** By this device's clock. It bounds new votes only: an expired order may still happen. */
export function isExpired(core: ClientCore, { signedOrder }: JournalEntry): boolean {
  return BigInt(core.clock.nowMs()) > signedOrder.order.validUntil * 1_000n;
}

function slotOfEntry({ signedOrder }: JournalEntry): string {
  return slotKey(slotOf(signedOrder.order));
}
