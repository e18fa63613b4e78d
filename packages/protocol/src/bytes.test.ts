import fc from 'fast-check';
import { keccak256 as keccakOfViem } from 'viem';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, fromHex, keccak256, signedBytes, toHex, unsignedBytes, utf8 } from './bytes.ts';

const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('hexadecimal', () => {
  it('goes there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(`0x${Buffer.from(bytes).toString('hex')}`);
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromHex(`0x${toHex(bytes).slice(2).toUpperCase()}`)).toEqual(bytes);
      }),
    );
  });

  it.each(['', '0', '0x0', 'ff', '0xfg', '0X00', ' 0x00', '0x00 ', '0x0\n', '0x00\n'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrowError(refusal);
  });
});

describe('integers', () => {
  it('are big-endian, and fit or are refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 70n }), fc.integer({ min: 1, max: 9 }), (value, size) => {
        if (value >> BigInt(size * 8) > 0n) expect(() => unsignedBytes(value, size)).toThrowError(refusal);
        else expect(toHex(unsignedBytes(value, size))).toBe(`0x${value.toString(16).padStart(size * 2, '0')}`);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1n])('refuse %d', (value) => {
    expect(() => unsignedBytes(value, 8)).toThrowError(refusal);
  });

  it.each([
    [0n, '0x0000'],
    [-1n, '0xffff'],
    [32_767n, '0x7fff'],
    [-32_768n, '0x8000'],
  ])('write %d as two’s complement %s', (value, hex) => {
    expect(toHex(signedBytes(value, 2))).toBe(hex);
  });

  it('refuse what two’s complement cannot hold', () => {
    expect(() => signedBytes(32_768n, 2)).toThrowError(refusal);
    expect(() => signedBytes(-32_769n, 2)).toThrowError(refusal);
  });
});

describe('byte strings', () => {
  it('join and compare', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 5 }), (parts) => {
        expect(concatBytes(...parts)).toEqual(Uint8Array.from(Buffer.concat(parts)));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3, max: 2 }), fc.uint8Array({ maxLength: 3, max: 2 }), (left, right) => {
        expect(equalBytes(left, right)).toBe(Buffer.compare(left, right) === 0);
      }),
    );
  });

  it('are UTF-8 of text', () => {
    expect(toHex(utf8('é€'))).toBe('0xc3a9e282ac');
  });
});

describe('keccak-256', () => {
  it('agrees with another implementation at all lengths around its blocks', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + length);
      expect(toHex(keccak256(bytes))).toBe(keccakOfViem(bytes));
    }
  });
});
