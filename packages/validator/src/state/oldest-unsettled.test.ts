import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payer, slotAt } from '../testing/world.fixtures.ts';
import { NEW_HEAD } from './ledger-head.ts';
import { watchOldestUnsettled } from './oldest-unsettled.ts';

/** An outbox as a map from cursor to time, and how often it was searched. */
function outboxOf() {
  const rows = new Map<bigint, number>();
  let [cursor, searches] = [0n, 0];
  const row = (at: bigint) => {
    const resolvedAtMs = rows.get(at);
    return resolvedAtMs === undefined ? undefined : { cursor: at, slot: slotAt(payer(0), at), resolvedAtMs };
  };
  const oldest = watchOldestUnsettled(
    {
      inOutbox: row,
      firstOfOutbox(from, below) {
        searches++;
        const [first] = [...rows.keys()].filter((at) => at >= from && at < below).sort((a, b) => (a < b ? -1 : 1));
        return first === undefined ? undefined : row(first);
      },
    },
    { head: () => ({ ...NEW_HEAD, cursor }) },
  );
  return {
    oldest,
    rows,
    searches: () => searches,
    log(resolvedAtMs?: number) {
      cursor++;
      if (resolvedAtMs !== undefined) rows.set(cursor, resolvedAtMs);
    },
  };
}

test('is what a search through the whole outbox finds, whatever comes and goes between two looks', () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('resolve' as const) }),
      fc.record({ do: fc.constant('other' as const) }),
      fc.record({ do: fc.constant('settle' as const), which: fc.nat() }),
      fc.record({ do: fc.constant('look' as const) }),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(actions, (all) => {
      const { oldest, rows, log } = outboxOf();
      let time = 0;
      for (const action of all) {
        if (action.do === 'resolve') log(++time);
        if (action.do === 'other') log();
        if (action.do === 'settle') {
          const cursors = [...rows.keys()];
          const cursor = cursors[action.which % Math.max(cursors.length, 1)];
          if (cursor !== undefined) rows.delete(cursor);
        }
        if (action.do === 'look') expect(oldest()).toBe(rows.size === 0 ? undefined : Math.min(...rows.values()));
      }
    }),
  );
});

test('does not search again while the oldest stays, nor while nothing comes', () => {
  const { oldest, searches, log, rows } = outboxOf();
  for (let at = 1; at <= 100; at++) {
    log(at);
    expect(oldest()).toBe(1);
  }
  expect(searches()).toBe(1);
  rows.clear();
  for (let at = 0; at < 100; at++) expect(oldest()).toBeUndefined();
  expect(searches()).toBe(2);
});
