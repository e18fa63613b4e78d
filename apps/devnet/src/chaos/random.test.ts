import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draw = (seed: string) => {
  const random = createRandom(seed);
  return Array.from({ length: 50 }, () => random.between(0, 1_000_000));
};

test('a seed repeats, and another one differs', () => {
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});

test('a stream depends on seed and name, not on what was drawn before', () => {
  const [fresh, used] = [createRandom('a'), createRandom('a')];
  used.bytes(100);
  expect(used.stream('x').bytes(20)).toEqual(fresh.stream('x').bytes(20));
  expect(fresh.stream('y').bytes(20)).not.toEqual(fresh.stream('x').bytes(20));
});

test('numbers stay in their range and reach both ends', () => {
  const random = createRandom('range');
  const drawn = Array.from({ length: 500 }, () => random.between(3, 6));
  expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6]));
});

test('shuffling keeps every element once', () => {
  const values = Array.from({ length: 40 }, (_, index) => index);
  const shuffled = createRandom('cards').shuffled(values);
  expect(shuffled).not.toEqual(values);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(values);
});

test('there is nothing to pick from nothing', () => {
  expect(() => createRandom('a').pick([])).toThrow(RangeError);
});
