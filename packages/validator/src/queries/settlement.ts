import { type CommitCertificate, limits, RejectError, type Slot } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { logKey } from '../state/keys.ts';
import type { Ledger } from '../state/ledger.ts';
import type { CertificatePage, OutboxItem } from '../validator.ts';

/** What others need for settling and for catching up: durable resolutions only, since a crash could undo the rest. */

export interface CursorQuery {
  readonly afterCursor: bigint;
  readonly limit: number;
}

/** Resolved slots that were not seen final on chain, the oldest first. */
export function outbox({ ledger, store }: Core, { afterCursor, limit }: CursorQuery): readonly OutboxItem[] {
  store.assertUsable();
  const end = store.durableCursor();
  return ledger
    .outbox(afterCursor, limit)
    .filter(({ cursor }) => cursor <= end)
    .map(({ cursor, slot, resolvedAtMs }) => {
      const isIncluded = ledger.standing(slot)?.stage === 'INCLUDED';
      const certificate = certificateAt(ledger, slot);
      return { cursor, certificate, resolvedAtMs, stage: isIncluded ? 'INCLUDED' : 'QUEUED_ONCHAIN' };
    });
}

export function resolution({ ledger, store }: Core, slot: Slot): CommitCertificate | undefined {
  store.assertUsable();
  const found = ledger.resolution(slot);
  return found && found.cursor <= store.durableCursor() ? found.certificate : undefined;
}

/** A page of resolutions in the order of this store (§9). The log holds other lines too: a page looks at so many of them. */
export function certificates({ ledger, store }: Core, { afterCursor, limit }: CursorQuery): CertificatePage {
  store.assertUsable();
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.certificatePage) {
    throw new RejectError('INVALID_FORMAT', `a page has 1 to ${limits.certificatePage} certificates`);
  }
  const end = store.durableCursor();
  const found = ledger.cursors(logKey, afterCursor + 1n, end + 1n, limit);
  const page = found.flatMap((cursor) => {
    const line = ledger.logLine(cursor);
    return line.type === 'resolved' ? [certificateAt(ledger, line.slot)] : [];
  });
  const nextCursor = found.at(-1) ?? afterCursor;
  return { certificates: page, nextCursor, hasMore: nextCursor < end };
}

function certificateAt(ledger: Ledger, slot: Slot): CommitCertificate {
  const found = ledger.resolution(slot);
  if (!found) throw new StoreCorruptionError('a resolved slot has no certificate');
  return found.certificate;
}
