import { expect, test } from 'vitest';
import { toJson } from './to-json.ts';

test('numbers of 64 bits become decimal strings, bytes hexadecimal, and what is undefined is left out', () => {
  const value = {
    amount: 2n ** 64n - 1n,
    balance: -5n,
    round: 3,
    isKnown: false,
    signature: Uint8Array.of(0, 255),
    buffer: Buffer.from([1, 2]),
    parents: ['0x1', '0x2'],
    nested: [{ stake: 1n, nothing: undefined, none: null }],
    absent: undefined,
  };
  const json = toJson(value);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json).toEqual({
    amount: '18446744073709551615',
    balance: '-5',
    round: 3,
    isKnown: false,
    signature: '0x00ff',
    buffer: '0x0102',
    parents: ['0x1', '0x2'],
    nested: [{ stake: '1', none: null }],
  });
  expect(Object.keys(json)).not.toContain('absent');
});
