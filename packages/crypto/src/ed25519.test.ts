import { concatBytes, fromHex, hashFromBytes } from '@fastpay/protocol';
import { Point } from '@noble/ed25519';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidVotingKey, isWellFormedEd25519Signature } from './ed25519.ts';
import { createNodeVotingSigner } from './node/signers.ts';
import { ed25519Cases, rfc8032Vectors } from './testing/ed25519-cases.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { littleEndian } from './testing/numbers.fixtures.ts';
import { assertValidVotingKey } from './voting-key.ts';
import { createVotingSigner } from './voting-signer.ts';

const engines = await allEngines();
const cases = ed25519Cases();

describe.each(engines)('Ed25519 in the %s engine', (_, engine) => {
  it.each(cases)('$name: $valid', async ({ publicKey, message, signature, valid }) => {
    expect(await engine.ed25519Verify(publicKey, message, signature)).toBe(valid);
  });

  it('reads bytes that lie inside a larger buffer', async () => {
    const [first] = cases;
    if (!first) throw new Error('there are no cases');
    const shift = (bytes: Uint8Array) => {
      const buffer = new Uint8Array(bytes.length + 9).fill(0xee);
      buffer.set(bytes, 5);
      return buffer.subarray(5, 5 + bytes.length);
    };
    const answer = engine.ed25519Verify(shift(first.publicKey), shift(first.message), shift(first.signature));
    expect(await answer).toBe(true);
  });
});

describe('Ed25519 over all engines', () => {
  it('gives one answer on signatures with flipped bits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.option(fc.nat(64 * 8 - 1)),
        async (seed, message, bit) => {
          const signer = createVotingSigner(seed);
          const signature = Uint8Array.from(await signer.sign(message));
          if (bit !== null) signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7));
          const publicKey = fromHex(signer.publicKey);
          const answers = engines.map(([, engine]) => engine.ed25519Verify(publicKey, message, signature));
          expect(await Promise.all(answers)).toEqual(engines.map(() => bit === null));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives one answer on random keys', async () => {
    const signature = await createVotingSigner(new Uint8Array(32).fill(1)).sign(new Uint8Array(3));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (publicKey) => {
        for (const [, engine] of engines) {
          expect(await engine.ed25519Verify(publicKey, new Uint8Array(3), signature)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('voting keys', () => {
  const hostile = cases.filter(({ name }) => /(?:small-order|mixed-order) key|key with y = p/.test(name));

  it('covers all small orders, mixed orders and encodings beyond the field', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(8 + 7 + 19);
  });

  it.each(hostile)('refuses a $name', ({ publicKey }) => {
    expect(isValidVotingKey(publicKey)).toBe(false);
    expect(() => assertValidVotingKey(hashFromBytes(publicKey))).toThrowError(
      expect.objectContaining({ code: 'INVALID_FORMAT' }),
    );
  });

  it('takes the keys of RFC 8032', () => {
    for (const { publicKey } of rfc8032Vectors) {
      expect(() => assertValidVotingKey(hashFromBytes(fromHex(publicKey)))).not.toThrow();
    }
  });

  it('refuses other lengths', () => {
    expect(isValidVotingKey(new Uint8Array(31))).toBe(false);
    expect(isValidVotingKey(new Uint8Array(33))).toBe(false);
  });
});

describe('the shape of a signature', () => {
  const withCommitment = (y: bigint) => concatBytes(littleEndian(y), new Uint8Array(32));

  it('has a commitment below the field prime, with either sign', () => {
    const { p } = Point.CURVE();
    for (const sign of [0n, 1n << 255n]) {
      expect(isWellFormedEd25519Signature(withCommitment(p - 1n + sign))).toBe(true);
      for (let y = p; y < 1n << 255n; y++) expect(isWellFormedEd25519Signature(withCommitment(y + sign))).toBe(false);
    }
  });

  it('has a commitment that is not the identity', () => {
    expect(isWellFormedEd25519Signature(withCommitment(0n))).toBe(true);
    expect(isWellFormedEd25519Signature(withCommitment(1n))).toBe(false);
    expect(isWellFormedEd25519Signature(withCommitment(2n))).toBe(true);
    expect(isWellFormedEd25519Signature(withCommitment(257n))).toBe(true);
  });

  it('has s below the group order', () => {
    const { n } = Point.CURVE();
    const withS = (s: bigint) => concatBytes(new Uint8Array(32), littleEndian(s));
    expect(isWellFormedEd25519Signature(withS(n - 1n))).toBe(true);
    expect(isWellFormedEd25519Signature(withS(n))).toBe(false);
    expect(isWellFormedEd25519Signature(withS((1n << 256n) - 1n))).toBe(false);
  });
});

describe.each([
  ['portable', createVotingSigner],
  ['node', createNodeVotingSigner],
])('the %s voting signer', (_, create) => {
  it.each(rfc8032Vectors)('signs like RFC 8032 $name', async ({ seed, publicKey, message, signature }) => {
    const signer = create(fromHex(seed));
    expect(signer.publicKey).toBe(publicKey);
    expect(Uint8Array.from(await signer.sign(fromHex(message)))).toEqual(fromHex(signature));
  });

  it('refuses a seed of another length without showing it', () => {
    const seed = new Uint8Array(31).fill(0xab);
    expect(() => create(seed)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
    expect(() => create(seed)).not.toThrowError(/ab/);
  });

  it('keeps no hold on the bytes it was given', async () => {
    const seed = fromHex(rfc8032Vectors[1].seed);
    const signer = create(seed);
    seed.fill(0);
    expect(Uint8Array.from(await signer.sign(fromHex('0x72')))).toEqual(fromHex(rfc8032Vectors[1].signature));
  });
});
