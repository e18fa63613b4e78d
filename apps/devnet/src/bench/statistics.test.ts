import { expect, test } from 'vitest';
import { percentile } from './statistics.ts';

test('percentiles are samples, by nearest rank', () => {
  const samples = [5, 1, 4, 2, 3];
  expect(percentile(samples, 0)).toBe(1);
  expect(percentile(samples, 0.5)).toBe(3);
  expect(percentile(samples, 0.95)).toBe(5);
  expect(percentile([7], 0.99)).toBe(7);
  expect(samples).toEqual([5, 1, 4, 2, 3]);
});

test('there is none of nothing', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});
