import { concatBytes, limits, toHash } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { parseTempoSignature, serializeTempoSignature } from './tempo-signature.ts';
import { createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';

const digest = toHash(`0x${'5a'.repeat(32)}`);
const key = new Uint8Array(32).fill(0x11);
const signatures = {
  secp256k1: (await createSecp256k1Signer(key).sign(digest)) as Uint8Array,
  p256: (await createP256Payer(key).sign(digest)) as Uint8Array,
  webAuthn: (await createPasskeyPayer(key).sign(digest)) as Uint8Array,
};

const refusal = expect.objectContaining({ code: 'INVALID_SIGNATURE' });

describe.each(Object.entries(signatures))('a %s signature', (type, bytes) => {
  it('is recognised and written back byte for byte', () => {
    const parsed = parseTempoSignature(bytes);
    expect(parsed.type).toBe(type);
    expect(serializeTempoSignature(parsed)).toEqual(bytes);
  });

  it('is refused with a byte more at the end', () => {
    // Client data swallows the byte of a WebAuthn signature: it parses, and the content is refused later.
    const longer = concatBytes(bytes, Uint8Array.of(0));
    if (type === 'webAuthn') expect(serializeTempoSignature(parseTempoSignature(longer))).toEqual(longer);
    else expect(() => parseTempoSignature(longer)).toThrowError(refusal);
  });

  it('is refused inside a keychain signature', () => {
    for (const keychain of [3, 4]) {
      const wrapped = concatBytes(Uint8Array.of(keychain), new Uint8Array(20).fill(1), bytes);
      expect(() => parseTempoSignature(wrapped)).toThrowError(refusal);
    }
  });
});

describe('parsing', () => {
  it('refuses every flag but 1 at the end of a P-256 signature', () => {
    for (const flag of [0, 2, 27, 255]) {
      const other = Uint8Array.from(signatures.p256);
      other[129] = flag;
      expect(() => parseTempoSignature(other)).toThrowError(refusal);
    }
  });

  it('refuses v 0 and 1, which the precompile takes for 27 and 28', () => {
    const other = Uint8Array.from(signatures.secp256k1);
    other[64] = (other[64] as number) - 27;
    expect(() => parseTempoSignature(other)).toThrowError(refusal);
  });

  it('bounds the length of WebAuthn signatures', () => {
    const ofLength = (length: number) => {
      const bytes = new Uint8Array(length);
      bytes[0] = 2;
      return bytes;
    };
    expect(parseTempoSignature(ofLength(limits.payerSignatureBytes)).type).toBe('webAuthn');
    expect(parseTempoSignature(ofLength(198)).type).toBe('webAuthn');
    expect(() => parseTempoSignature(ofLength(limits.payerSignatureBytes + 1))).toThrowError(refusal);
    expect(() => parseTempoSignature(ofLength(197))).toThrowError(refusal);
  });

  it('refuses unknown types and nothing at all', () => {
    expect(() => parseTempoSignature(new Uint8Array(0))).toThrowError(refusal);
    for (const type of [0, 3, 4, 5, 0x76, 255]) {
      const bytes = new Uint8Array(130).fill(1);
      bytes[0] = type;
      expect(() => parseTempoSignature(bytes)).toThrowError(refusal);
    }
  });

  it('takes one encoding only: whatever it takes, it writes back', () => {
    const source = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(...Object.values(signatures)).chain((bytes) =>
        fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)).map(([index, value]) => {
          const changed = Uint8Array.from(bytes);
          changed[index] = value;
          return changed;
        }),
      ),
    );
    fc.assert(
      fc.property(source, (bytes) => {
        try {
          expect(serializeTempoSignature(parseTempoSignature(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toEqual(refusal);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
