import { RejectError } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { countPages } from './bulletin.ts';

function counted(sizes: readonly number[]): number {
  let pages = 0;
  const count = countPages(() => {
    pages++;
  });
  for (const size of sizes) count(size);
  return pages;
}

it('counts a page of the log by what it holds, and a short one not at all', () => {
  expect(counted([0])).toBe(0);
  expect(counted([50])).toBe(0);
  expect(counted([50, 100])).toBe(1);
  expect(counted([50, 100, 150, 200])).toBe(1);
  expect(counted([50, 100, 150, 200, 250])).toBe(2);
  expect(counted(Array.from({ length: 20 }, (_, part) => 50 * (part + 1)))).toBe(5);
});

it('stops reading where the limit is reached', () => {
  const count = countPages(() => {
    throw new RejectError('RATE_LIMITED', 'too many pages');
  });
  count(50);
  expect(() => count(100)).toThrow('too many pages');
});
