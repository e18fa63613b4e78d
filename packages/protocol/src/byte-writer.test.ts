import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { address, hash, slot, u64 } from './arbitraries.fixtures.ts';
import { type Address, MAX_U64, toAddress } from './brand.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { toHex } from './bytes.ts';

const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('writing and reading fields', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.nat(65_535),
        u64,
        address,
        hash,
        fc.uint8Array({ maxLength: 9 }),
        (one, two, eight, twenty, thirtyTwo, raw) => {
          const bytes = new ByteWriter(63 + raw.length)
            .u8(one)
            .u16(two)
            .u64(eight)
            .address(twenty)
            .hash(thirtyTwo)
            .raw(raw)
            .finish();
          const reader = new ByteReader(bytes);
          expect([reader.u8(), reader.u16(), reader.u64()]).toEqual([one, two, eight]);
          expect([reader.address(), reader.hash()]).toEqual([twenty, thirtyTwo]);
          expect(reader.raw(raw.length)).toEqual(raw);
          reader.end();
        },
      ),
    );
  });

  it('writes slots as §4 lays them out', () => {
    fc.assert(
      fc.property(slot, (each) => {
        const expected = `${each.owner}${each.asset.slice(2)}${each.sequence.toString(16).padStart(16, '0')}`;
        expect(toHex(new ByteWriter(48).slot(each).finish())).toBe(expected);
      }),
    );
  });

  it('writes EIP-712 words right-aligned', () => {
    const sender = toAddress(`0x${'ab'.repeat(20)}`);
    const bytes = new ByteWriter(64).u64Word(258n).addressWord(sender).finish();
    expect(toHex(bytes)).toBe(`0x${'00'.repeat(30)}0102${'00'.repeat(12)}${'ab'.repeat(20)}`);
  });

  it('takes hexadecimal of either case', () => {
    const upper = `0x${'AF'.repeat(20)}` as Address;
    expect(toHex(new ByteWriter(20).address(upper).finish())).toBe(`0x${'af'.repeat(20)}`);
  });
});

describe('writing', () => {
  it.each([-1n, MAX_U64 + 1n, -1, 0.5, 2 ** 53, Number.NaN])(
    'refuses %d as 64 bits instead of wrapping it',
    (value) => {
      expect(() => new ByteWriter(8).u64(value)).toThrowError(refusal);
    },
  );

  it.each([-1, 256, 0.5, Number.NaN])('refuses %d as 8 bits', (value) => {
    expect(() => new ByteWriter(1).u8(value)).toThrowError(refusal);
  });

  it.each([-1, 65_536])('refuses %d as 16 bits', (value) => {
    expect(() => new ByteWriter(2).u16(value)).toThrowError(refusal);
  });

  it('crashes on addresses that never were any', () => {
    for (const text of ['0x', `0x${'0'.repeat(39)}g`, `0x${'0'.repeat(38)}`, `0x${'0'.repeat(39)}ø`]) {
      expect(() => new ByteWriter(20).address(text as Address)).toThrowError(/hexadecimal/);
    }
  });

  it('crashes when fields do not fill the length exactly', () => {
    expect(() => new ByteWriter(9).u64(0n).finish()).toThrowError(/wrote 8 of 9/);
    expect(() => new ByteWriter(7).u64(0n)).toThrowError(RangeError);
  });
});

describe('reading', () => {
  it('refuses bytes that end too early', () => {
    const reads: ((reader: ByteReader) => unknown)[] = [
      (reader) => reader.u8(),
      (reader) => reader.u16(),
      (reader) => reader.u64(),
      (reader) => reader.address(),
      (reader) => reader.hash(),
      (reader) => reader.raw(1),
    ];
    const lengths = [1, 2, 8, 20, 32, 1];
    reads.forEach((read, index) => {
      const length = lengths[index] as number;
      expect(() => read(new ByteReader(new Uint8Array(length)))).not.toThrow();
      expect(() => read(new ByteReader(new Uint8Array(length - 1)))).toThrowError(refusal);
    });
  });

  it('refuses bytes that are left over', () => {
    const reader = new ByteReader(new Uint8Array(2));
    reader.u8();
    expect(() => reader.end()).toThrowError(refusal);
  });

  it('gives copies', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const copy = new ByteReader(bytes).raw(3);
    bytes.fill(0);
    expect(copy).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('gives copies of bytes whose own slices share their memory, as those of a Buffer do', () => {
    const bytes = Buffer.from([1, 2, 3]);
    const copy = new ByteReader(bytes).raw(3);
    bytes.fill(0);
    expect(copy).toEqual(Uint8Array.of(1, 2, 3));
    expect(copy.buffer.byteLength).toBe(3);
  });

  it('reads bytes that lie inside a larger buffer', () => {
    const larger = Uint8Array.from({ length: 40 }, (_, index) => index);
    const reader = new ByteReader(larger.subarray(4, 14));
    expect([reader.u8(), reader.u16(), reader.raw(7)]).toEqual([4, 0x0506, larger.slice(7, 14)]);
    reader.end();
  });
});
