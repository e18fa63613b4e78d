import { expect, it } from 'vitest';
import { createTokenBuckets } from './token-buckets.ts';

function setup(options = { ratePerSecond: 10, burst: 3, maxKeys: 2 }) {
  const clock = { nowMs: 0 };
  return { clock, buckets: createTokenBuckets(options, { nowMs: () => clock.nowMs }) };
}

it('lets a burst through and then tells how long to wait', () => {
  const { buckets } = setup();
  expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 0]);
  expect(buckets.take('a')).toBe(100);
  expect(buckets.take('b')).toBe(0);
});

it('gives tokens back at the rate and never more than the burst', () => {
  const { clock, buckets } = setup();
  for (let index = 0; index < 3; index++) buckets.take('a');
  clock.nowMs = 75;
  expect(buckets.take('a')).toBe(25);
  clock.nowMs = 100;
  expect(buckets.take('a')).toBe(0);
  clock.nowMs = 1_000_000;
  expect(buckets.probe('a', 3)).toBe(0);
  expect(buckets.probe('a', 4)).toBe(100);
});

it('takes nothing when it refuses and when it only probes', () => {
  const { buckets } = setup();
  expect(buckets.take('a', 4)).toBe(100);
  expect(buckets.probe('a', 3)).toBe(0);
  expect(buckets.take('a', 3)).toBe(0);
});

it('keeps at most maxKeys buckets, dropping the one used longest ago', () => {
  const { buckets } = setup();
  buckets.take('a', 3);
  buckets.take('b', 3);
  buckets.take('a', 3);
  buckets.take('c');
  expect(buckets.size).toBe(2);
  expect(buckets.probe('a', 3)).toBeGreaterThan(0);
  expect(buckets.probe('b', 3)).toBe(0);
});
