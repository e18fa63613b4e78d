import { expect, it } from 'vitest';
import { createShares } from './shares.ts';

const DAY_MS = 86_400_000;

function sharesAt(perDay: number, keys = 100) {
  const clock = { ms: 5 };
  return { clock, shares: createShares({ perDay, keys }, { now: () => clock.ms }) };
}

it('gives each key so many a day, and a new day a day after its first', () => {
  const { clock, shares } = sharesAt(2);
  shares.take('a');
  clock.ms += DAY_MS - 1;
  expect(shares.has('a')).toBe(true);
  shares.take('a');
  expect(shares.has('a')).toBe(false);
  expect(shares.has('b')).toBe(true);
  clock.ms += 1;
  expect(shares.has('a')).toBe(true);
});

it('gives a key nothing more that was exhausted, until its day is over', () => {
  const { clock, shares } = sharesAt(5);
  shares.exhaust('a');
  expect(shares.has('a')).toBe(false);
  clock.ms += DAY_MS;
  expect(shares.has('a')).toBe(true);
});

it('remembers no more keys than it may', () => {
  const { shares } = sharesAt(1, 3);
  for (const key of ['a', 'b', 'c', 'd']) shares.take(key);
  expect(['b', 'c', 'd'].filter((key) => shares.has(key))).toEqual([]);
  expect(shares.has('a')).toBe(true);
});
