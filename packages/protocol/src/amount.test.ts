import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount } from './amount.ts';
import { MAX_U64 } from './brand.ts';

const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('parsing an amount', () => {
  it.each([
    ['0', 0n],
    ['12', 12_000_000n],
    ['12.5', 12_500_000n],
    ['0.000001', 1n],
    ['1.000000', 1_000_000n],
    [' 7 ', 7_000_000n],
    ['007', 7_000_000n],
    ['18446744073709.551615', MAX_U64],
  ])('reads %s as %d base units', (text, units) => {
    expect(parseAmount(text)).toBe(units);
  });

  it.each([
    '',
    ' ',
    '.',
    '1.',
    '.5',
    '1..2',
    '1.2.3',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '1,000',
    '1 000',
    '١',
    'NaN',
    'Infinity',
    '0.0000001',
    '1.0000000',
    '18446744073709.551616',
    '99999999999999999999',
    '999999999999999999999',
  ])('refuses %j', (text) => {
    expect(() => parseAmount(text)).toThrowError(refusal);
  });
});

describe('writing an amount', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.000001'],
    [10_000n, '0.01'],
    [1_500_000n, '1.50'],
    [1_234_500n, '1.2345'],
    [-2_000_000n, '-2.00'],
    [-1n, '-0.000001'],
  ])('writes %d base units as %s', (units, text) => {
    expect(formatAmount(units)).toBe(text);
  });

  it('is exact: parsing gives the amount back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_U64 }), (units) => {
        expect(parseAmount(formatAmount(units))).toBe(units);
      }),
    );
  });
});
