import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLru } from './lru.ts';

test('it forgets what was used longest ago', () => {
  const lru = createLru<number>({ entries: 2 });
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  expect(lru.set('c', 3)).toEqual([2]);
  expect([lru.has('a'), lru.has('b'), lru.has('c')]).toEqual([true, false, true]);
});

test('it never holds more entries or bytes than it may, whatever is done to it', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), size: fc.nat(60), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const lru = createLru<number>({ entries: 3, bytes: 100, sizeOf: (size) => size });
      const model = new Map<string, number>();
      for (const { key, size, remove } of steps) {
        if (remove) {
          lru.delete(key);
          model.delete(key);
          continue;
        }
        model.delete(key);
        model.set(key, size);
        lru.set(key, size);
        for (const oldest of model.keys()) {
          const total = [...model.values()].reduce((sum, value) => sum + value, 0);
          if (model.size <= 3 && total <= 100) break;
          model.delete(oldest);
        }
        expect(lru.size).toBe(model.size);
        for (const name of ['a', 'b', 'c', 'd', 'e']) expect(lru.has(name)).toBe(model.has(name));
      }
    }),
  );
});
