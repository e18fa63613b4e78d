import { type AccountId, RejectError, slotKey, slotOf } from '@fastpay/protocol';
import { bringUpToDate, isSomeoneBehind } from '../account/bring-up-to-date.ts';
import { readAccount } from '../account/read-account.ts';
import type { AccountSummary } from '../account/summary.ts';
import type { PaymentProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import type { JournalEntry } from '../store/client-store.ts';
import { attachmentsFor } from './attachments.ts';
import { drivePayment } from './drive.ts';
import type { Stopwatch } from './stopwatch.ts';

/**
 * Sends the bytes of the account's open payment again (§7 rule 2). Where another device of the owner signed something
 * else for the same slot, that order's bytes are sent as well: only one of the two can ever be paid, and until one is,
 * the account cannot pay at all.
 */
export async function* resumePayment(
  core: ClientCore,
  account: AccountId,
  stopwatch: Stopwatch,
  signal: AbortSignal | undefined,
): AsyncGenerator<PaymentProgress> {
  if ((await core.store.openEntries(account)).length === 0) return;
  const summary = await tryToRead(core, account);
  if (summary && isSomeoneBehind(core, summary)) await bringUpToDate(core, account, summary);
  const tried = new Set<string>();
  for (let attempt = 0; attempt < clientLimits.openOrders; attempt++) {
    const entry = await nextEntry(core, account, tried);
    if (!entry || signal?.aborted) return;
    tried.add(entry.transactionHash);
    const attachments = await attachmentsFor(core, entry.signedOrder.order, summary);
    if (yield* drivePayment(core, entry, { attachments, stopwatch, signal })) return;
  }
}

/** Of the lowest open slot, the first order that was not tried yet. */
async function nextEntry(
  core: ClientCore,
  account: AccountId,
  tried: ReadonlySet<string>,
): Promise<JournalEntry | undefined> {
  const entries = await core.store.openEntries(account);
  const slot = (entry: JournalEntry) => slotKey(slotOf(entry.signedOrder.order));
  return entries.find(
    (entry, _index, [first]) => first && slot(entry) === slot(first) && !tried.has(entry.transactionHash),
  );
}

/** Without an answer the bytes go out all the same: whoever is asked may be the one that is reached. */
async function tryToRead(core: ClientCore, account: AccountId): Promise<AccountSummary | undefined> {
  try {
    return await readAccount(core, account);
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}
