import { toAddress } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressGroups,
  agoText,
  amountText,
  dayText,
  durationText,
  findLookAlike,
  looksAlike,
  shortHex,
  waitText,
} from './format.ts';

describe('amounts', () => {
  it('groups thousands and shows at least two decimals', () => {
    expect(amountText(1_234_567_500_000n)).toBe('1,234,567.50');
    expect(amountText(0n)).toBe('0.00');
    expect(amountText(-2_000n)).toBe('−0.002');
  });

  it('never loses a base unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        const [whole = '', fraction = ''] = amountText(value).replaceAll(',', '').split('.');
        return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0')) === value;
      }),
    );
  });
});

describe('addresses', () => {
  const address = toAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed');

  it('is shown in ten groups of four', () => {
    expect(addressGroups(address)).toHaveLength(10);
    expect(shortHex(address)).toBe('0x5aae…eaed');
  });

  it('tells two addresses whose ends agree', () => {
    const poisoned = toAddress(`0x5aae${'0'.repeat(32)}eaed`);
    expect(looksAlike(address, poisoned)).toBe(true);
    expect(looksAlike(address, address)).toBe(false);
    expect(findLookAlike(poisoned, [toAddress(`0x${'11'.repeat(20)}`), address])).toBe(address);
    expect(findLookAlike(address, [address])).toBeUndefined();
  });
});

describe('times', () => {
  it('gives milliseconds one decimal only while it matters', () => {
    expect(durationText(7.42)).toBe('7.4 ms');
    expect(durationText(9.96)).toBe('10 ms');
    expect(durationText(18.2)).toBe('18 ms');
    expect(durationText(999.6)).toBe('1.0 s');
    expect(durationText(180_000)).toBe('3 min');
  });

  it('names the day', () => {
    const now = new Date(2026, 7, 20, 15).getTime();
    expect(dayText(new Date(2026, 7, 20, 1).getTime(), now)).toBe('Today');
    expect(dayText(new Date(2026, 7, 19, 23).getTime(), now)).toBe('Yesterday');
    expect(dayText(new Date(2026, 7, 18, 23).getTime(), now)).toMatch(/^Tue,? 18 Aug$/);
    expect(dayText(new Date(2025, 7, 18).getTime(), now)).toBe('18 Aug 2025');
  });

  it('counts seconds and minutes back', () => {
    expect(agoText(1_000, 1_500)).toBe('just now');
    expect(agoText(0, 12_000)).toBe('12 s ago');
    expect(agoText(0, 240_000)).toBe('4 min ago');
  });
});

describe('a wait', () => {
  it('is told in its two largest units', () => {
    expect(waitText(604_800_000)).toBe('7 days');
    expect(waitText(90_061_000)).toBe('1 day 1 h');
    expect(waitText(250_000)).toBe('4 min 10 s');
    expect(waitText(1)).toBe('1 s');
    expect(waitText(-5)).toBe('0 s');
  });
});
