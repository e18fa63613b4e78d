import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryKey, createBoundedCache } from './bounded-cache.ts';

describe('the bounded cache', () => {
  it('forgets its oldest entry when it is full', () => {
    const cache = createBoundedCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    expect([cache.get('a'), cache.get('b')]).toEqual([3, 2]);
    cache.set('c', 4);
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([false, true, true]);
  });

  it('never holds more than its limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(20), { maxLength: 60 }), (limit, keys) => {
        const cache = createBoundedCache<number, true>(limit);
        for (const key of keys) {
          cache.set(key, true);
          expect(cache.has(key)).toBe(true);
        }
        expect(Array.from({ length: 21 }, (_, key) => cache.has(key)).filter(Boolean).length).toBeLessThanOrEqual(
          limit,
        );
      }),
    );
  });
});

describe('a binary key', () => {
  it('is equal exactly for equal bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (left, right) => {
        expect(binaryKey(left) === binaryKey(right)).toBe(Buffer.compare(left, right) === 0);
        expect(binaryKey(Uint8Array.from(left))).toBe(binaryKey(left));
      }),
    );
  });
});
