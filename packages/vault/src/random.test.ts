import { expect, test } from 'vitest';
import { seededRandom } from './random.fixtures.ts';
import { randomBelow, shuffled, systemRandom } from './random.ts';

test('randomBelow stays below its bound and reaches every number', () => {
  const random = seededRandom(7);
  const drawn = Array.from({ length: 500 }, () => randomBelow(5, random));
  expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4]));
});

test('randomBelow draws again where the last incomplete multiple would favour small numbers', () => {
  // 65,535 is past the last whole multiple of 7 (65,534 values); 0x0008 is 8.
  const draws = [Uint8Array.of(0xff, 0xff), Uint8Array.of(0x00, 0x08)];
  expect(randomBelow(7, () => draws.shift() ?? new Uint8Array(2))).toBe(1);
  expect(draws).toEqual([]);
});

test('shuffled keeps every item', () => {
  expect(shuffled([1, 2, 3, 4, 5], seededRandom(3)).toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test('the system gives other bytes each time', () => {
  expect(systemRandom(16)).not.toEqual(systemRandom(16));
});
