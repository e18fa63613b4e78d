import { type CommitCertificate, limits, RejectError, type Slot } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { ownersOf } from '../state/event-subjects.ts';
import { logKey, ownerIndex, paymentIndex } from '../state/keys.ts';
import type { Ledger } from '../state/ledger.ts';
import type { BulletinEntry, BulletinEvent, BulletinPage, BulletinQuery } from '../validator.ts';

/** A page of the log, durable lines only; an index finds those about one payment or owner without a scan. */
export function bulletin({ ledger, store }: Core, query: BulletinQuery): BulletinPage {
  store.assertUsable();
  const { afterCursor, limit, transactionHash, owner } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.bulletinPage) {
    throw new RejectError('INVALID_FORMAT', `a page has 1 to ${limits.bulletinPage} entries`);
  }
  const index = transactionHash ? paymentIndex(transactionHash) : owner ? ownerIndex(owner) : logKey;
  const end = store.durableCursor();
  const found = ledger.cursors(index, afterCursor + 1n, end + 1n, limit + 1);
  const hasMore = found.length > limit;
  const entries = found
    .slice(0, limit)
    .map((cursor) => ({ cursor, event: eventAt(ledger, cursor) }))
    // A payment has a handful of lines: those of both filters are looked through.
    .filter(({ event }) => !transactionHash || !owner || ownersOf(event).includes(owner));
  return { entries, hasMore, nextCursor: nextCursor(found, hasMore, { afterCursor, end }) };
}

/** Behind the last line looked at: at the end of the log, behind all of it. */
function nextCursor(
  found: readonly bigint[],
  hasMore: boolean,
  { afterCursor, end }: { readonly afterCursor: bigint; readonly end: bigint },
): BulletinEntry['cursor'] {
  if (hasMore) return found.at(-2) ?? afterCursor;
  return end > afterCursor ? end : afterCursor;
}

function eventAt(ledger: Ledger, cursor: bigint): BulletinEvent {
  const line = ledger.logLine(cursor);
  switch (line.type) {
    case 'resolved':
      return { type: 'resolved', certificate: certificateAt(ledger, line.slot) };
    case 'deposited': {
      const deposit = ledger.deposit(line.index);
      if (!deposit) throw new StoreCorruptionError(`the log names deposit ${line.index}, which is not there`);
      return { type: 'deposited', deposit };
    }
    case 'exit':
      return { type: 'exit', exit: line.exit };
    case 'evidence': {
      const evidence = ledger.evidence(line.id);
      if (!evidence) throw new StoreCorruptionError('the log names evidence that is not there');
      return { type: 'evidence', evidence };
    }
    case 'settlement': {
      const { slot, value, stage, settlement } = line;
      const certificate = certificateAt(ledger, slot);
      return { type: 'settlement', transactionHash: value, stage, certificate, ...(settlement && { settlement }) };
    }
  }
}

function certificateAt(ledger: Ledger, slot: Slot): CommitCertificate {
  const resolution = ledger.resolution(slot);
  if (!resolution) throw new StoreCorruptionError('the log names a slot without a certificate');
  return resolution.certificate;
}
