import { expect, test } from 'vitest';
import { type HeapSample, trendOf } from './trend.ts';

const samples = (...bytes: readonly number[]): readonly HeapSample[] =>
  bytes.map((each, index) => ({ steps: 100 * index, bytes: each }));

test('what grows steadily has its slope, and no scatter', () => {
  expect(trendOf(samples(1_000, 1_200, 1_400, 1_600))).toEqual({
    bytesPerStep: 2,
    growthBytes: 600,
    scatterBytes: 0,
  });
});

test('one sample far off, and one jump, make no trend', () => {
  const single = trendOf(samples(1_000, 1_000, 9_000, 1_000, 1_000));
  expect(single.growthBytes).toBe(0);
  expect(single.scatterBytes).toBe(8_000);
  expect(trendOf(samples(1_000, 1_001, 1_000, 1_001, 1_000, 3_000)).growthBytes).toBeLessThan(100);
});

test('growth shows through noise', () => {
  const noisy = trendOf(samples(1_000, 1_350, 1_300, 1_650, 1_600, 1_950, 1_900));
  expect(noisy.bytesPerStep).toBeGreaterThan(1);
  expect(noisy.growthBytes).toBeGreaterThan(noisy.scatterBytes);
});

test('one sample is no trend', () => {
  expect(() => trendOf(samples(1_000))).toThrow('two samples');
});
