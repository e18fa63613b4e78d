import { expect, test } from 'vitest';
import { editDistance, suggestWords } from './suggest.ts';

test.each([
  ['sossage', 'sausage'],
  ['abandn', 'abandon'],
  ['wihsper', 'whisper'],
  ['ZOOO', 'zoo'],
  ['pione', 'pioneer'],
])('%s suggests %s first', async (typed, expected) => {
  expect((await suggestWords(typed))[0]).toBe(expected);
});

test('nothing near gives no suggestion, and neither does nothing typed', async () => {
  expect(await suggestWords('qqqqqqqqqq')).toEqual([]);
  expect(await suggestWords('  ')).toEqual([]);
});

test('suggestions are limited', async () => {
  expect(await suggestWords('car', 2)).toHaveLength(2);
});

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'ab', 1],
  ['ab', 'ba', 1],
  ['kitten', 'sitting', 3],
])('the distance of %s and %s is %d', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});
