import { concatBytes, unsignedBytes } from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { Point } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodings } from './testing/ed25519-matrix.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { bigEndian, fromBigEndian, fromLittleEndian, littleEndian, modulo } from './testing/numbers.fixtures.ts';

/** Random hostile signatures: whatever the right answer is, every engine gives it. fast-check prints the seed. */

const engines = await allEngines();
const TOP = (1n << 256n) - 1n;
const scalar = (order: bigint) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.bigInt(1n, order - 1n) },
    { weight: 1, arbitrary: fc.bigInt(1n, 1_000n) },
    { weight: 1, arbitrary: fc.bigInt(order - 1_000n, order - 1n) },
  );
/** What stands in the place of a number: mostly the number. */
const tampered = (order: bigint) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant((value: bigint) => value) },
    { weight: 1, arbitrary: fc.constant((value: bigint) => value + order) },
    { weight: 1, arbitrary: fc.constant((value: bigint) => order - value) },
    { weight: 1, arbitrary: fc.bigInt(0n, TOP).map((other) => () => other) },
    { weight: 1, arbitrary: fc.bigInt(-2n, 2n).map((step) => () => modulo(order + step, TOP + 1n)) },
    { weight: 1, arbitrary: fc.nat(255).map((bit) => (value: bigint) => value ^ (1n << BigInt(bit))) },
  );
const word = (value: bigint) => modulo(value, TOP + 1n);

async function expectOneAnswer(ask: (engine: (typeof engines)[number][1]) => unknown): Promise<unknown> {
  const answers = await Promise.all(engines.map(async ([name, engine]) => [name, await ask(engine)] as const));
  const [first] = answers;
  for (const [name, answer] of answers) expect(answer, `${name} and ${first?.[0]}`).toBe(first?.[1]);
  return first?.[1];
}

describe('over random hostile input, all engines agree', () => {
  it('on Ed25519 keys and commitments with parts of small order, in any encoding', async () => {
    const { n } = Point.CURVE();
    const torsion = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa');
    const part = fc.record({
      scalar: fc.oneof({ weight: 5, arbitrary: scalar(n) }, { weight: 1, arbitrary: fc.constant(0n) }),
      torsion: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(7) }),
      encoding: fc.nat(3),
    });
    const pointOf = ({ scalar: multiple, torsion: small }: { scalar: bigint; torsion: number }) =>
      Point.BASE.multiply(multiple, false).add(torsion.multiply(BigInt(small), false));
    let [valid, invalid] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        part,
        part,
        fc.uint8Array({ maxLength: 80 }),
        tampered(n),
        fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(511) }),
        async (key, commitment, message, change, bit) => {
          const bytesOf = (made: typeof key) => {
            const all = encodings(pointOf(made));
            return all[made.encoding % all.length]?.encoding ?? new Uint8Array(32);
          };
          const [publicKey, r] = [bytesOf(key), bytesOf(commitment)];
          const hash = sha512(concatBytes(r, publicKey, message));
          const challenge = fromLittleEndian(hash.subarray(0, 32)) + (fromLittleEndian(hash.subarray(32)) << 256n);
          const s = modulo(commitment.scalar + challenge * key.scalar, n);
          const signature = concatBytes(r, littleEndian(word(change(s))));
          if (bit !== null) signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const answer = await expectOneAnswer((engine) => engine.ed25519Verify(publicKey, message, signature));
          if (answer === true) valid += 1;
          else invalid += 1;
        },
      ),
      { numRuns: 200 },
    );
    expect(Math.min(valid, invalid)).toBeGreaterThan(5);
  });

  it('on secp256k1 scalars at and beyond their bounds', async () => {
    const { n } = secp256k1.Point.CURVE();
    let recovered = 0;
    await fc.assert(
      fc.asyncProperty(
        scalar(n),
        scalar(n),
        fc.oneof(fc.bigInt(0n, TOP), fc.constantFrom(0n, 1n, n, TOP)),
        tampered(n),
        tampered(n),
        fc.oneof({ weight: 5, arbitrary: fc.constantFrom(27, 28) }, { weight: 1, arbitrary: fc.nat(255) }),
        async (key, nonce, digest, changeR, changeS, v) => {
          const r = secp256k1.Point.BASE.multiply(nonce).x % n;
          const high = modulo(secp256k1.Point.Fn.inv(nonce) * (digest + r * key), n);
          const s = high > n >> 1n ? n - high : high;
          const numbers = concatBytes(bigEndian(word(changeR(r))), bigEndian(word(changeS(s))));
          const signature = concatBytes(numbers, Uint8Array.of(v));
          const answer = await expectOneAnswer((engine) => engine.secp256k1Recover(bigEndian(digest), signature));
          if (answer !== undefined) recovered += 1;
        },
      ),
      { numRuns: 120 },
    );
    expect(recovered).toBeGreaterThan(5);
  });

  it('on P-256 scalars at and beyond their bounds, and keys off the curve', async () => {
    const { n, p } = p256.Point.CURVE();
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(
        scalar(n),
        scalar(n),
        fc.uint8Array({ maxLength: 80 }),
        tampered(n),
        tampered(n),
        tampered(p),
        tampered(p),
        async (key, nonce, message, changeR, changeS, changeX, changeY) => {
          const r = p256.Point.BASE.multiply(nonce).x % n;
          const digest = fromBigEndian(sha256(message));
          const high = modulo(p256.Point.Fn.inv(nonce) * (digest + r * key), n);
          const s = high > n >> 1n ? n - high : high;
          const { x, y } = p256.Point.BASE.multiply(key).toAffine();
          const publicKey = concatBytes(bigEndian(word(changeX(x))), bigEndian(word(changeY(y))));
          const signature = concatBytes(bigEndian(word(changeR(r))), bigEndian(word(changeS(s))));
          const answer = await expectOneAnswer((engine) => engine.p256Verify(publicKey, message, signature));
          if (answer === true) valid += 1;
        },
      ),
      { numRuns: 120 },
    );
    expect(valid).toBeGreaterThan(0);
  });

  it('on bytes of any length in any place', async () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 70 }),
      fc.constantFrom(0, 31, 32, 33, 63, 64, 65, 66).map((length) => new Uint8Array(length)),
      fc.constantFrom(32, 64, 65).map((length) => new Uint8Array(length).fill(0xff)),
      fc.constantFrom(32, 64, 65).map((length) => unsignedBytes(1, length)),
    );
    await fc.assert(
      fc.asyncProperty(any, any, any, async (first, second, third) => {
        await expectOneAnswer((engine) => engine.ed25519Verify(first, second, third));
        await expectOneAnswer((engine) => engine.p256Verify(first, second, third));
        await expectOneAnswer((engine) => engine.secp256k1Recover(first, second));
      }),
      { numRuns: 300 },
    );
  });
});
