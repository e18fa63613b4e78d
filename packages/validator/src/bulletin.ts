import { type CommitCertificate, concatBytes, limits, type Slot } from '@fastpay/protocol';
import type { Kv, RangeOptions } from '@fastpay/storage';
import { decodeEvent, expandEvent } from './state/bulletin-codec.ts';
import { bulletinIndex, type CursorIndex, cursorOf, ownerIndex, paymentIndex } from './state/keys.ts';
import type { BulletinEntry, BulletinPage, BulletinQuery } from './validator.ts';

const LAST_CURSOR = (1n << 64n) - 1n;

/** The log of a validator: what was written under which cursor, and who is told once it is durable. */
export interface Bulletin {
  /** Cursor of the next line; counts on as lines are reserved. */
  reserve(lines: bigint): void;
  readonly nextCursor: bigint;
  /** Every line below this cursor is durable: it may be shown, and listeners are told in order. */
  release(belowCursor: bigint): void;
  page(query: BulletinQuery): BulletinPage;
  onEntry(listener: (entry: BulletinEntry) => void): () => void;
}

export function createBulletin(kv: Kv, certificateOf: (slot: Slot) => CommitCertificate): Bulletin {
  const listeners = new Set<(entry: BulletinEntry) => void>();
  let nextCursor = lastCursor(kv) + 1n;
  let durableBelow = nextCursor;

  function entry(cursor: bigint): BulletinEntry {
    const bytes = kv.get(bulletinIndex(cursor));
    if (!bytes) throw new Error(`the log has no line ${cursor}`);
    return { cursor, event: expandEvent(decodeEvent(bytes), certificateOf) };
  }

  /** Cursors of an index after `afterCursor`, durable ones only. */
  function cursors(index: CursorIndex, afterCursor: bigint, limit: number): bigint[] {
    const found: bigint[] = [];
    if (afterCursor + 1n >= durableBelow) return found;
    const range: RangeOptions = { start: index(afterCursor + 1n), end: index(durableBelow), limit };
    for (const [key] of kv.range(range)) found.push(cursorOf(key));
    return found;
  }

  return {
    get nextCursor() {
      return nextCursor;
    },
    reserve(lines) {
      nextCursor += lines;
    },
    release(belowCursor) {
      while (durableBelow < belowCursor) {
        const released = entry(durableBelow);
        durableBelow++;
        for (const listener of listeners) listener(released);
      }
    },
    page({ afterCursor, limit, transactionHash, owner }) {
      const wanted = Math.min(Math.max(limit, 1), limits.bulletinPage);
      const index = transactionHash ? paymentIndex(transactionHash) : owner ? ownerIndex(owner) : bulletinIndex;
      const found = cursors(index, afterCursor, wanted + 1);
      const entries = found
        .slice(0, wanted)
        .map(entry)
        .filter(matches(transactionHash ? owner : undefined));
      const hasMore = found.length > wanted;
      return { entries, hasMore, nextCursor: found[wanted - 1] ?? found.at(-1) ?? afterCursor };
    },
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The second filter, where both are asked for: a payment's few lines are looked through. */
function matches(owner: BulletinQuery['owner']): (entry: BulletinEntry) => boolean {
  if (!owner) return () => true;
  return ({ event }) => {
    if (event.type === 'deposited') return event.deposit.account.owner === owner;
    const { slot, signedOrder } = event.certificate;
    return slot.owner === owner || signedOrder?.order.recipient === owner;
  };
}

function lastCursor(kv: Kv): bigint {
  const start = bulletinIndex(0n);
  const end = concatBytes(bulletinIndex(LAST_CURSOR), Uint8Array.of(0));
  for (const [key] of kv.range({ start, end, limit: 1, reverse: true })) return cursorOf(key);
  return 0n;
}
