import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from './arbitraries.fixtures.ts';
import {
  addressFromBytes,
  bytesOf,
  hashFromBytes,
  MAX_U64,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  ZERO_ADDRESS,
  ZERO_HASH,
} from './brand.ts';

const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('addresses and hashes', () => {
  it('are one string for one value, whatever the case it came in', () => {
    fc.assert(
      fc.property(bytes(20), bytes(32), (twenty, thirtyTwo) => {
        const address = addressFromBytes(twenty);
        expect(toAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(address);
        expect(bytesOf(address)).toEqual(twenty);
        const hash = hashFromBytes(thirtyTwo);
        expect(toHash(`0x${hash.slice(2).toUpperCase()}`)).toBe(hash);
        expect(bytesOf(hash)).toEqual(thirtyTwo);
      }),
    );
  });

  it.each([
    '',
    '0x',
    'a'.repeat(40),
    `0x${'a'.repeat(39)}`,
    `0x${'a'.repeat(41)}`,
    `0x${'g'.repeat(40)}`,
    `0X${'a'.repeat(40)}`,
    `0x${'a'.repeat(40)}\n`,
  ])('refuses %j as an address', (text) => {
    expect(() => toAddress(text)).toThrowError(refusal);
  });

  it.each(['', '0x', `0x${'a'.repeat(63)}`, `0x${'a'.repeat(65)}`, `0x${'z'.repeat(64)}`, `0x${'a'.repeat(64)}\n`])(
    'refuses %j as a hash',
    (text) => {
      expect(() => toHash(text)).toThrowError(refusal);
    },
  );

  it('refuses other lengths of bytes', () => {
    for (const length of [0, 19, 21, 32]) expect(() => addressFromBytes(new Uint8Array(length))).toThrowError(refusal);
    for (const length of [0, 20, 31, 33]) expect(() => hashFromBytes(new Uint8Array(length))).toThrowError(refusal);
  });

  it('have a zero each', () => {
    expect(bytesOf(ZERO_ADDRESS)).toEqual(new Uint8Array(20));
    expect(bytesOf(ZERO_HASH)).toEqual(new Uint8Array(32));
  });
});

describe('amounts and sequences', () => {
  it('are the integers of 64 bits', () => {
    for (const value of [0n, 1n, MAX_U64]) {
      expect(toAmount(value)).toBe(value);
      expect(toSequence(value)).toBe(value);
    }
  });

  it('refuse everything else', () => {
    for (const value of [-1n, MAX_U64 + 1n, 1 as unknown as bigint, '1' as unknown as bigint]) {
      expect(() => toAmount(value)).toThrowError(refusal);
      expect(() => toSequence(value)).toThrowError(refusal);
    }
  });
});
