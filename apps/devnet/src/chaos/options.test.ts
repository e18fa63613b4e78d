import { expect, test } from 'vitest';
import { DevnetError } from '../error.ts';
import { parseOptions } from './options.ts';

const parse = (...words: readonly string[]) => parseOptions(words, () => 'fresh');

test('without flags a run takes two minutes and a fresh seed', () => {
  expect(parse()).toEqual({ seconds: 120, seed: 'fresh' });
});

test('flags are taken as they are', () => {
  expect(parse('--seconds', '60', '--seed', 'a-1.b')).toEqual({ seconds: 60, seed: 'a-1.b' });
});

test('--help asks for help', () => {
  expect(parse('--help')).toBeUndefined();
});

test.each([
  ['--seconds', '9'],
  ['--seconds', '86401'],
  ['--seconds', '1.5'],
  ['--seconds', 'ten'],
  ['--seed', ''],
  ['--seed', 'a b'],
  ['--seed', 'x'.repeat(65)],
  ['--sed', 'x'],
])('%s %s is refused by name', (flag, value) => {
  expect(() => parse(flag, value)).toThrow(DevnetError);
  expect(() => parse(flag, value)).toThrow(flag);
});
