import { expect, test } from 'vitest';
import { runPool } from '../cli/pool.ts';
import { applyEdit, assertFits } from './mutation.ts';
import { mutations } from './mutations.ts';

test('there are at least twenty broken validators, and each still fits the code', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  for (const mutation of mutations) assertFits(mutation);
});

test('an edit that fits nowhere, or in two places, is refused', () => {
  const edit = { file: 'a.ts', find: 'x', replace: 'y' };
  expect(applyEdit('a x b', edit)).toBe('a y b');
  expect(() => applyEdit('a b', edit)).toThrow('holds this 0 times');
  expect(() => applyEdit('x x', edit)).toThrow('holds this 2 times');
});

test('a broken validator is noticed in a thread of its own, and a whole one in another is not', async () => {
  const data = mutations.find(({ name }) => name === 'debits without the fee');
  const url = new URL('./load-mutated.ts', import.meta.url).href;
  const failures = async (preload?: { readonly url: string; readonly data: unknown }) => {
    let count = 0;
    await runPool({
      threads: 1,
      batches: [{ first: 1, count: 3, crypto: 'simulated', size: 'mixed', stopsAtFailure: false }],
      ...(preload && { preload }),
      onResult(result) {
        count += result.failures.length;
        return false;
      },
    });
    return count;
  };
  expect(await failures({ url, data })).toBeGreaterThan(0);
  expect(await failures()).toBe(0);
}, 120_000);
