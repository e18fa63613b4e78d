import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slot } from './arbitraries.fixtures.ts';
import { toAddress } from './brand.ts';
import { toHex } from './bytes.ts';
import {
  accountBytes,
  accountKey,
  equalSlots,
  isTip20Address,
  isVirtualAddress,
  PATH_USD,
  slotBytes,
  slotKey,
} from './slot.ts';

describe('slots', () => {
  it('are equal exactly when their keys and their bytes are', () => {
    const near = slot.chain((left) =>
      fc
        .tuple(fc.constant(left), slot, fc.subarray(['owner', 'asset', 'sequence'] as const))
        .map(([one, other, same]) => {
          const right = { ...other };
          for (const field of same) Object.assign(right, { [field]: one[field] });
          return [one, right] as const;
        }),
    );
    fc.assert(
      fc.property(near, ([left, right]) => {
        const equal = left.owner === right.owner && left.asset === right.asset && left.sequence === right.sequence;
        expect(equalSlots(left, right)).toBe(equal);
        expect(slotKey(left) === slotKey(right)).toBe(equal);
        expect(toHex(slotBytes(left)) === toHex(slotBytes(right))).toBe(equal);
      }),
    );
  });

  it('start with their account', () => {
    fc.assert(
      fc.property(slot, (each) => {
        expect(accountBytes(each)).toHaveLength(40);
        expect(slotBytes(each)).toHaveLength(48);
        expect(slotBytes(each).subarray(0, 40)).toEqual(accountBytes(each));
        expect(slotKey(each).startsWith(`${accountKey(each)}/`)).toBe(true);
      }),
    );
  });
});

describe('kinds of addresses', () => {
  it.each([
    [PATH_USD, true],
    ['0x20c000000000000000000000ffffffffffffffff', true],
    ['0x20c000000000000000000001ffffffffffffffff', false],
    ['0x0020c00000000000000000000000000000000000', false],
  ])('%s is a TIP-20 token: %s', (text, token) => {
    expect(isTip20Address(toAddress(text))).toBe(token);
  });

  it.each([
    [`0x12345678${'fd'.repeat(10)}aabbccddeeff`, true],
    [`0x1234567${'fd'.repeat(10)}8aabbccddeeff`, false],
    [`0x123456789a${'fd'.repeat(10)}bbccddeeff`, false],
    [`0x12345678${'fd'.repeat(9)}fcaabbccddeeff`, false],
  ])('%s is virtual: %s', (text, virtual) => {
    expect(isVirtualAddress(toAddress(text))).toBe(virtual);
  });
});
