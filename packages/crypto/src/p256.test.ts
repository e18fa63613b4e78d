import { concatBytes, fromHex, toHex, utf8 } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { p256Cases, p256Vectors } from './testing/ecdsa-cases.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { signP256 } from './testing/payers.fixtures.ts';

const engines = await allEngines();

describe.each(engines)('P-256 in the %s engine', (_, engine) => {
  it.each(p256Cases())('$name: $valid', async ({ publicKey, message, signature, valid }) => {
    expect(await engine.p256Verify(publicKey, message, signature)).toBe(valid);
    // The second time the key comes from the cache.
    expect(await engine.p256Verify(publicKey, message, signature)).toBe(valid);
  });
});

describe('P-256 over all engines', () => {
  it('gives one answer on signatures and keys with flipped bits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.option(fc.nat(128 * 8 - 1)),
        async (number, message, bit) => {
          const privateKey = fromHex(`0x${number.toString(16).padStart(64, '0')}`);
          const publicKey = p256.getPublicKey(privateKey, false).subarray(1);
          const bytes = concatBytes(signP256(privateKey, message), publicKey);
          if (bit !== null) bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
          const answers = engines.map(([, engine]) =>
            engine.p256Verify(bytes.subarray(64), message, bytes.subarray(0, 64)),
          );
          expect(await Promise.all(answers)).toEqual(engines.map(() => bit === null));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('signing in tests', () => {
  it('follows RFC 6979', () => {
    const key = fromHex('0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
    const { text, r, s } = p256Vectors[1];
    expect(toHex(signP256(key, utf8(text)))).toBe(r + s.slice(2));
  });
});
