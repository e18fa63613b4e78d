import type { ServiceImpl } from '@connectrpc/connect';
import { limits } from '@fastpay/protocol';
import { bulletinEntryToProto, bulletinFilterFromProto, type ValidatorService } from '@fastpay/rpc';
import type { BulletinEntry, BulletinQuery, Validator } from '@fastpay/validator';
import { bulletinFeed } from './bulletin-feed.ts';
import { callKey } from './call.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { assertSameStore, pageSize } from './store-id.ts';
import { toWireEntry } from './wire-entry.ts';

type Methods = Pick<ServiceImpl<typeof ValidatorService>, 'listBulletin' | 'watchBulletin'>;

const DEFAULT_PAGE = 100;
/** Signatures that one page may carry: a page ends early rather than hold megabytes in memory. */
const PAGE_SIGNATURES = 8_000;
/** Entries read from the store at once while a page is put together. */
const READ_ENTRIES = 50;
export const KEEP_ALIVE_MS = 15_000;

/** The validator's log (§9), by pages and live. */
export function createBulletinMethods(
  { validator, metrics, syncLimit }: ServiceDependencies,
  { keepAliveMs = KEEP_ALIVE_MS }: { readonly keepAliveMs?: number } = {},
): Methods {
  const storeId = validator.storeId();

  return {
    listBulletin(request, { values }) {
      assertSameStore(request.storeId, storeId);
      const { remote } = values.get(callKey);
      const query = {
        ...bulletinFilterFromProto(request.filter),
        afterCursor: request.afterCursor,
        limit: pageSize(request.limit, { most: limits.bulletinPage, usual: DEFAULT_PAGE }),
      };
      const page = readPage(
        validator,
        query,
        countPages(() => syncLimit.take(remote)),
      );
      return {
        entries: page.entries.map((entry) => bulletinEntryToProto(toWireEntry(entry))),
        nextCursor: page.nextCursor,
        hasMore: page.hasMore,
        storeId,
      };
    },

    async *watchBulletin(request, { signal, values }) {
      assertSameStore(request.storeId, storeId);
      const { remote } = values.get(callKey);
      const feed = bulletinFeed(
        {
          filter: bulletinFilterFromProto(request.filter),
          from: request.fromNow ? 'now' : { afterCursor: request.afterCursor },
          keepAliveMs,
          signal,
        },
        {
          validator,
          pace: () => syncLimit.pace(remote, signal),
          onOverflow: () => metrics.streamOverflows.inc(),
        },
      );
      for await (const entry of feed) {
        yield entry === 'keepAlive' ? { storeId } : { entry: bulletinEntryToProto(toWireEntry(entry)), storeId };
      }
    },
  };
}

interface Page {
  readonly entries: readonly BulletinEntry[];
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}

/** Read with every look at an account, by a relay that is one address for many. */
const SMALL_PAGE = READ_ENTRIES;

/**
 * Told how many entries were read so far, counts them against a limit, a page of certificates' worth at a time and
 * before more is read: a long page costs as much as several short ones.
 */
export function countPages(take: () => void): (entries: number) => void {
  let counted = 0;
  return (entries) => {
    if (entries <= SMALL_PAGE || entries <= counted) return;
    take();
    counted += limits.certificatePage;
  };
}

function readPage(validator: Validator, query: BulletinQuery, count: (entries: number) => void): Page {
  const entries: BulletinEntry[] = [];
  let nextCursor = query.afterCursor;
  let signatures = 0;
  for (;;) {
    const limit = Math.min(READ_ENTRIES, query.limit - entries.length);
    const part = validator.bulletin({ ...query, afterCursor: nextCursor, limit });
    entries.push(...part.entries);
    count(entries.length);
    nextCursor = part.nextCursor;
    for (const { event } of part.entries)
      if (event.type === 'resolved') signatures += event.certificate.signatures.length;
    const full = entries.length >= query.limit || signatures >= PAGE_SIGNATURES;
    if (full || !part.hasMore) return { entries, nextCursor, hasMore: part.hasMore };
  }
}
