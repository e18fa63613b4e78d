import type { OutboxItem } from '@fastpay/validator';
import { expect, it } from 'vitest';
import { outboxItem } from '../settler/testing.fixtures.ts';
import { createReview } from './review.ts';

function setup(count: number) {
  const items = Array.from({ length: count }, (_, index) =>
    outboxItem(index + 1, { from: 'alice', to: 'bob', sequence: index }),
  );
  const clock = { nowMs: 1_000_000 };
  const outbox = ({ afterCursor, limit }: { afterCursor: bigint; limit: number }): readonly OutboxItem[] =>
    items.filter(({ cursor }) => cursor > afterCursor).slice(0, limit);
  const review = createReview({ outbox }, () => clock.nowMs);
  return { clock, review, sizes: (looks: number) => Array.from({ length: looks }, () => review.next().length) };
}

it('goes through everything once at the start, in bounded parts', () => {
  expect(setup(1_200).sizes(5)).toEqual([500, 500, 200, 0, 0]);
});

it('begins anew after a while, and when told to', () => {
  const { clock, review, sizes } = setup(3);
  expect(sizes(2)).toEqual([3, 0]);
  clock.nowMs += 60_000;
  expect(sizes(2)).toEqual([3, 0]);
  review.repeat();
  expect(sizes(2)).toEqual([3, 0]);
});
