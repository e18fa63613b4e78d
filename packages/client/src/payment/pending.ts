import { SKIP, slotOf } from '@fastpay/protocol';
import type { PendingPayment } from '../client.ts';
import type { ClientCore } from '../core.ts';
import type { JournalEntry } from '../store/client-store.ts';
import { isExpired, openEntriesOf } from './open-slot.ts';

/** What a wallet shows of the open payment, from the journal alone. */
export async function toPending(core: ClientCore, entry: JournalEntry): Promise<PendingPayment> {
  const { transactionHash, signedOrder, createdAtMs, origin } = entry;
  const slot = slotOf(signedOrder.order);
  const [entries, last, isCancelWished] = await Promise.all([
    openEntriesOf(core, slot),
    core.store.round(slot),
    core.store.isCancelWished(slot),
  ]);
  return {
    transactionHash,
    signedOrder,
    createdAtMs,
    origin,
    expired: isExpired(core, entry),
    rivals: entries
      .filter((other) => other.transactionHash !== transactionHash)
      .map((other) => ({ transactionHash: other.transactionHash, signedOrder: other.signedOrder })),
    round: last?.newRound.round ?? 0,
    cancelling: isCancelWished || last?.proposal?.proposal.value === SKIP,
  };
}
