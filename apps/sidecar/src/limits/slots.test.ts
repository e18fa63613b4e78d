import { expect, it } from 'vitest';
import { createSlots } from './slots.ts';

it('bounds the total and the share of one key', () => {
  const slots = createSlots({ total: 3, perKey: 2 });
  expect(slots.acquire('a')).toBeDefined();
  expect(slots.acquire('a')).toBeDefined();
  expect(slots.acquire('a')).toBeUndefined();
  expect(slots.acquire('b')).toBeDefined();
  expect(slots.acquire('b')).toBeUndefined();
  expect(slots.inUse).toBe(3);
});

it('gives a place back once', () => {
  const slots = createSlots({ total: 1 });
  const release = slots.acquire('a');
  release?.();
  release?.();
  expect(slots.inUse).toBe(0);
  expect(slots.acquire('b')).toBeDefined();
  expect(slots.acquire('a')).toBeUndefined();
});
