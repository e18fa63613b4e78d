import { toAddress } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { firstBatches } from './batch.ts';
import { named, outboxItem } from './testing.fixtures.ts';

const item = (sequence: number) => outboxItem(sequence, { from: 'alice', to: 'bob', sequence });
const bounds = { entries: 3, bytes: 100 };

it('takes as many entries as allowed', () => {
  const [batch] = firstBatches([item(0), item(1), item(2), item(3)], bounds, () => 1);
  expect(named(batch?.items ?? [])).toEqual(['alice 0', 'alice 1', 'alice 2']);
});

it('takes as many bytes as allowed, and nothing behind what did not fit', () => {
  const sizes = [40, 70, 10];
  const [batch] = firstBatches([item(0), item(1), item(2)], bounds, ({ cursor }) => sizes[Number(cursor)] ?? 0);
  expect(named(batch?.items ?? [])).toEqual(['alice 0']);
});

it('takes one that is larger than allowed alone', () => {
  const [batch] = firstBatches([item(0), item(1)], bounds, () => 500);
  expect(named(batch?.items ?? [])).toEqual(['alice 0']);
});

it('makes a batch of its own for each asset', () => {
  const other = toAddress('0x20c0000000000000000000000000000000000001');
  const items = [item(0), outboxItem(1, { from: 'carol', to: 'bob', sequence: 5, asset: other }), item(1)];
  const batches = firstBatches(items, bounds, () => 1);
  expect(batches.map((batch) => named(batch.items))).toEqual([['alice 0', 'alice 1'], ['carol 5']]);
  expect(batches[1]?.asset).toBe(other);
});

it('makes none of nothing', () => {
  expect(firstBatches([], bounds, () => 1)).toEqual([]);
});
