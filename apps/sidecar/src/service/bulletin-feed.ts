import { type Address, evidenceSubject, type Hash } from '@fastpay/protocol';
import type { BulletinEntry, BulletinEvent, Validator } from '@fastpay/validator';
import { createMailbox } from './mailbox.ts';

export interface BulletinFilter {
  readonly transactionHash?: Hash;
  readonly owner?: Address;
}

/** Entries read from the store at once. */
const PAGE = 100;
/** Live entries held for a reader that is slower than they come; beyond it the reader goes back to the store. */
const LIVE_ENTRIES = 256;

export interface FeedOptions {
  readonly filter: BulletinFilter;
  /** Entries after this cursor, or those from now on. */
  readonly from: { readonly afterCursor: bigint } | 'now';
  /** A `keepAlive` is given when nothing came for so long. */
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

export interface FeedDependencies {
  readonly validator: Validator;
  /** Waited for before each page that is read from the store: who replays the log does not do it at any speed. */
  readonly pace: () => Promise<void>;
  readonly onOverflow: () => void;
}

/**
 * A sign of life, then the bulletin from a cursor on: what the store holds, then what comes, each entry once and in
 * order. Whoever reads slowly costs a bounded buffer and, beyond it, another look at the store; nothing is left out.
 */
export async function* bulletinFeed(
  { filter, from, keepAliveMs, signal }: FeedOptions,
  { validator, pace, onOverflow }: FeedDependencies,
): AsyncIterable<BulletinEntry | 'keepAlive'> {
  const live = createMailbox<BulletinEntry>(LIVE_ENTRIES);
  // Undefined until the first entry of a feed that starts now.
  let position = from === 'now' ? undefined : from.afterCursor;
  let behind = from !== 'now';
  const unsubscribe = validator.onBulletinEntry((entry) => {
    if (behind || !matches(entry.event, filter)) return;
    position ??= entry.cursor - 1n;
    if (live.put(entry)) return;
    live.clear();
    behind = true;
    live.wake();
    onOverflow();
  });
  try {
    // From here on nothing is missed, and the caller may know it: it is connected, and to which store.
    yield 'keepAlive';
    while (!signal.aborted) {
      if (behind) {
        await pace();
        const page = validator.bulletin({ ...filter, afterCursor: position ?? 0n, limit: PAGE });
        // Decided in the same turn as the read: what comes after it goes to the mailbox.
        behind = page.hasMore;
        for (const entry of page.entries) {
          position = entry.cursor;
          yield entry;
        }
        // A filtered page may have looked beyond its last entry.
        if (page.nextCursor > (position ?? 0n)) position = page.nextCursor;
        continue;
      }
      const entries = live.take();
      for (const entry of entries) {
        // The page read last may have held it already.
        if (entry.cursor <= (position ?? 0n)) continue;
        position = entry.cursor;
        yield entry;
      }
      if (entries.length > 0 || behind) continue;
      if ((await live.wait({ signal, timeoutMs: keepAliveMs })) === 'timeout') yield 'keepAlive';
    }
    signal.throwIfAborted();
  } finally {
    unsubscribe();
  }
}

/** Whether an event concerns the payment and the owner that a filter names. */
export function matches(event: BulletinEvent, { transactionHash, owner }: BulletinFilter): boolean {
  if (transactionHash !== undefined && paymentOf(event) !== transactionHash) return false;
  return owner === undefined || ownersOf(event).includes(owner);
}

function paymentOf(event: BulletinEvent): Hash | undefined {
  switch (event.type) {
    case 'resolved':
      return event.certificate.value;
    case 'settlement':
      return event.transactionHash;
    case 'deposited':
    case 'exit':
    case 'evidence':
      return undefined;
  }
}

function ownersOf(event: BulletinEvent): readonly Address[] {
  switch (event.type) {
    case 'deposited':
      return [event.deposit.account.owner];
    case 'exit':
      return [event.exit.account.owner];
    case 'evidence':
      return [evidenceSubject(event.evidence).slot.owner];
    case 'resolved':
    case 'settlement': {
      const { slot, signedOrder } = event.certificate;
      return signedOrder ? [slot.owner, signedOrder.order.recipient] : [slot.owner];
    }
  }
}
