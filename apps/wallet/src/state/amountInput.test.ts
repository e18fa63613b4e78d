import { describe, expect, it } from 'vitest';
import { amountOf, cleanAmountText, pressPadKey, readSpend } from './amountInput.ts';

describe('typing an amount', () => {
  it('reads decimal commas, grouping and leading zeros', () => {
    expect(cleanAmountText('12,5')).toBe('12.5');
    expect(cleanAmountText('1,234.50')).toBe('1234.50');
    expect(cleanAmountText('007')).toBe('7');
    expect(cleanAmountText('.5')).toBe('0.5');
    expect(cleanAmountText('0')).toBe('0');
    expect(cleanAmountText('')).toBe('');
  });

  it('refuses what is no amount', () => {
    for (const text of ['-1', '1e3', '1.2.3', '0.0000001', 'abc', '99999999999999']) {
      expect(cleanAmountText(text)).toBeUndefined();
    }
  });

  it('follows the pad', () => {
    const typed = (['1', '.', '.', '5', '0', 'back'] as const).reduce<string>(pressPadKey, '');
    expect(typed).toBe('1.5');
    expect(pressPadKey('', '.')).toBe('0.');
    expect(pressPadKey('0', '5')).toBe('5');
    expect(pressPadKey('1.123456', '7')).toBe('1.123456');
  });

  it('becomes base units only when it is above zero', () => {
    expect(amountOf('10')).toBe(10_000_000n);
    expect(amountOf('10.')).toBe(10_000_000n);
    expect(amountOf('0.00')).toBeUndefined();
    expect(amountOf('')).toBeUndefined();
  });
});

describe('money that is to leave', () => {
  it('is at most what there is beside the fee', () => {
    expect(readSpend('4.998', 5_000_000n, 2_000n)).toEqual({ amount: 4_998_000n, most: 4_998_000n, tooMuch: false });
    expect(readSpend('4.998001', 5_000_000n, 2_000n)).toMatchObject({ most: 4_998_000n, tooMuch: true });
    expect(readSpend('0.000001', 1_000n, 2_000n)).toEqual({ amount: 1n, most: 0n, tooMuch: true });
  });

  it('is not judged before balance and fee are known', () => {
    expect(readSpend('7', undefined, 2_000n)).toEqual({ amount: 7_000_000n, most: undefined, tooMuch: false });
    expect(readSpend('', 5n, undefined)).toEqual({ amount: undefined, most: undefined, tooMuch: false });
  });
});
