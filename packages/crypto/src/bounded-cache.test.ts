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

  it('makes what it does not have, once', () => {
    const cache = createBoundedCache<string, number | null>(2);
    let made = 0;
    const make = () => {
      made += 1;
      return null;
    };
    expect([cache.getOrMake('a', make), cache.getOrMake('a', make), made]).toEqual([null, null, 1]);
    cache.set('a', 5);
    expect(cache.getOrMake('a', make)).toBe(5);
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
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(bytes, bytes),
          bytes.map((each) => [each, each.slice(1)] as const),
        ),
        ([left, right]) => {
          expect(binaryKey(left) === binaryKey(right)).toBe(Buffer.compare(left, right) === 0);
          expect(binaryKey(Uint8Array.from(left))).toBe(binaryKey(left));
        },
      ),
    );
  });

  it('changes with every byte, wherever it stands', () => {
    for (const length of [1, 2, 15, 16, 17, 31, 32, 33, 64, 65, 100]) {
      const keys = new Set([binaryKey(new Uint8Array(length)), binaryKey(new Uint8Array(length + 1))]);
      for (let index = 0; index < length; index++) {
        const bytes = new Uint8Array(length);
        bytes[index] = 1;
        keys.add(binaryKey(bytes));
      }
      expect(keys.size).toBe(length + 2);
    }
  });

  it('is not made of long byte strings', () => {
    expect(binaryKey(new Uint8Array(0xffff))).toHaveLength(1 + 0x8000);
    expect(() => binaryKey(new Uint8Array(0x10000))).toThrowError(/too long/);
  });
});
