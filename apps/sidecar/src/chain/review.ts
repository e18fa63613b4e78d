import type { OutboxItem, Validator } from '@fastpay/validator';

/** Most items of one look. */
const PAGE = 500;
const INTERVAL_MS = 60_000;

/**
 * Goes through the outbox, a page at a look: at the start, whenever the node was out of sight, and now and then. What
 * happened to blocks meanwhile was seen by nobody.
 */
export interface Review {
  /** The next items to hold against the chain; none most of the time. */
  next(): readonly OutboxItem[];
  /** Begins anew at the next look. */
  repeat(): void;
}

export function createReview(validator: Pick<Validator, 'outbox'>, nowMs: () => number): Review {
  let afterCursor: bigint | undefined = 0n;
  let dueMs = 0;
  return {
    next() {
      if (afterCursor === undefined && nowMs() >= dueMs) afterCursor = 0n;
      if (afterCursor === undefined) return [];
      const page = validator.outbox({ afterCursor, limit: PAGE });
      afterCursor = page.length < PAGE ? undefined : page.at(-1)?.cursor;
      dueMs = nowMs() + INTERVAL_MS;
      return page;
    },
    repeat() {
      afterCursor = 0n;
    },
  };
}
