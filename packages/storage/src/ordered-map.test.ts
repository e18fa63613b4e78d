import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOrderedMap } from './ordered-map.ts';

test('keeps its keys in order through inserts and deletions that split and empty chunks', () => {
  const map = createOrderedMap<number>();
  const name = (index: number) => String.fromCharCode(index >> 8, index & 0xff);
  // 7919 is coprime to 5000: every index once, in a scattered order.
  for (let index = 0; index < 5_000; index++) map.set(name((index * 7_919) % 5_000), index);
  expect([...map.ascending('', '\u0100')].map(([key]) => key)).toEqual(
    Array.from({ length: 5_000 }, (_, at) => name(at)),
  );
  for (let index = 0; index < 5_000; index++) if (index % 10 !== 0) map.delete(name(index));
  const rest = Array.from({ length: 500 }, (_, at) => name(at * 10));
  expect([...map.ascending('', '\u0100')].map(([key]) => key)).toEqual(rest);
  expect([...map.descending('', '\u0100')].map(([key]) => key)).toEqual(rest.toReversed());
  expect(map.size).toBe(500);
  for (const key of rest) map.delete(key);
  expect([...map.ascending('', '\u0100')]).toEqual([]);
  map.set('a', 1);
  expect([...map.ascending('', '\u0100')]).toEqual([['a', 1]]);
});

test('reads any range as a sorted array would', () => {
  const key = fc.uint8Array({ maxLength: 3, max: 5 }).map((bytes) => String.fromCharCode(...bytes));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean())), key, key, (changes, start, end) => {
      const map = createOrderedMap<number>();
      const model = new Map<string, number>();
      changes.forEach(([name, isPut], index) => {
        if (isPut) {
          map.set(name, index);
          model.set(name, index);
        } else {
          map.delete(name);
          model.delete(name);
        }
      });
      const sorted = [...model].filter(([name]) => name >= start && name < end).sort(([a], [b]) => (a < b ? -1 : 1));
      expect([...map.ascending(start, end)]).toEqual(sorted);
      expect([...map.descending(start, end)]).toEqual(sorted.toReversed());
      expect(map.size).toBe(model.size);
      for (const [name, value] of model) expect(map.get(name)).toBe(value);
    }),
  );
});
