import { expect, test } from 'vitest';
import { firstDifference } from './difference.ts';

const resolved = (slots: Record<string, string>) => new Map(Object.entries(slots));

test('the same slots with the same values differ in nothing, whatever their order', () => {
  expect(firstDifference(resolved({}), resolved({}))).toBeUndefined();
  expect(firstDifference(resolved({ a: '1', b: '2' }), resolved({ b: '2', a: '1' }))).toBeUndefined();
});

test('a slot that only one has, or with another value, is named', () => {
  expect(firstDifference(resolved({ a: '1', b: '2' }), resolved({ a: '1' }))).toBe('b');
  expect(firstDifference(resolved({ a: '1' }), resolved({ a: '1', b: '2' }))).toBe('b');
  expect(firstDifference(resolved({ a: '1' }), resolved({ a: '2' }))).toBe('a');
});

test('as many slots are not the same slots', () => {
  expect(firstDifference(resolved({ a: '1', b: '2' }), resolved({ a: '1', c: '3' }))).toBe('b');
});
