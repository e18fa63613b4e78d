import type { ServiceImpl } from '@connectrpc/connect';
import { limits } from '@fastpay/protocol';
import { bulletinEntryToProto, bulletinFilterFromProto, type ValidatorService } from '@fastpay/rpc';
import type { BulletinEntry, BulletinQuery, Validator } from '@fastpay/validator';
import { bulletinFeed } from './bulletin-feed.ts';
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
  { validator, metrics }: ServiceDependencies,
  { keepAliveMs = KEEP_ALIVE_MS }: { readonly keepAliveMs?: number } = {},
): Methods {
  const storeId = validator.storeId();

  return {
    listBulletin(request) {
      assertSameStore(request.storeId, storeId);
      const page = readPage(validator, {
        ...bulletinFilterFromProto(request.filter),
        afterCursor: request.afterCursor,
        limit: pageSize(request.limit, { most: limits.bulletinPage, usual: DEFAULT_PAGE }),
      });
      return {
        entries: page.entries.map((entry) => bulletinEntryToProto(toWireEntry(entry))),
        nextCursor: page.nextCursor,
        hasMore: page.hasMore,
        storeId,
      };
    },

    async *watchBulletin(request, { signal }) {
      assertSameStore(request.storeId, storeId);
      const feed = bulletinFeed(
        {
          filter: bulletinFilterFromProto(request.filter),
          from: request.fromNow ? 'now' : { afterCursor: request.afterCursor },
          keepAliveMs,
          signal,
        },
        { validator, onOverflow: () => metrics.streamOverflows.inc() },
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

function readPage(validator: Validator, query: BulletinQuery): Page {
  const entries: BulletinEntry[] = [];
  let nextCursor = query.afterCursor;
  let signatures = 0;
  for (;;) {
    const limit = Math.min(READ_ENTRIES, query.limit - entries.length);
    const part = validator.bulletin({ ...query, afterCursor: nextCursor, limit });
    entries.push(...part.entries);
    nextCursor = part.nextCursor;
    for (const { event } of part.entries)
      if (event.type === 'resolved') signatures += event.certificate.signatures.length;
    const full = entries.length >= query.limit || signatures >= PAGE_SIGNATURES;
    if (full || !part.hasMore) return { entries, nextCursor, hasMore: part.hasMore };
  }
}
