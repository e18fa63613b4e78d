import { type Slot, slotOf } from '@fastpay/protocol';
import type { AccountSummary } from '../account/summary.ts';
import type { PaymentProgress } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import type { JournalEntry } from '../store/client-store.ts';
import { attachmentsFor } from './attachments.ts';
import { type Driven, drive } from './drive.ts';
import { openEntriesOf } from './open-slot.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface ResendOptions {
  /** What validators said of the account just before, if anything. */
  readonly summary: AccountSummary | undefined;
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal | undefined;
}

/** An order that was sent again, and did not get through. */
export type Stalled = Extract<Driven, { type: 'stalled' }>;

/** Sends an order's journaled bytes, in the normal course. */
export async function* sendOrder(
  core: ClientCore,
  entry: JournalEntry,
  { summary, stopwatch, signal }: ResendOptions,
): AsyncGenerator<PaymentProgress, Driven> {
  const { signedOrder, transactionHash } = entry;
  const attachments = await attachmentsFor(core, signedOrder.order, summary);
  return yield* drive(core, {
    entry,
    driven: { slot: slotOf(signedOrder.order), round: 0, value: transactionHash, signedOrder },
    isCancelling: false,
    stopwatch,
    signal,
    send: (ended) => core.transport.submitPayment({ signedOrder, attachments }, ended),
  });
}

/**
 * Sends the bytes of the open payment in a slot again (§7 rule 2). Where another device of the owner signed something
 * else for the same slot, that order's bytes are sent as well: only one of the two can ever be paid, and until one is,
 * the account cannot pay at all.
 * @returns Why none got through; empty once the slot is resolved.
 */
export async function* resendOrders(
  core: ClientCore,
  slot: Slot,
  options: ResendOptions,
): AsyncGenerator<PaymentProgress, readonly Stalled[]> {
  const stalled: Stalled[] = [];
  const tried = new Set<string>();
  for (let attempt = 0; attempt < clientLimits.openOrders; attempt++) {
    const entries = await openEntriesOf(core, slot);
    const entry = entries.find(({ transactionHash }) => !tried.has(transactionHash));
    if (!entry || options.signal?.aborted) break;
    tried.add(entry.transactionHash);
    const driven = yield* sendOrder(core, entry, options);
    if (driven.type === 'resolved') return [];
    stalled.push(driven);
  }
  return stalled;
}
