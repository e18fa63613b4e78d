import { fromHex, toHash, toHex, utf8 } from '@fastpay/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNodeSecp256k1Signer } from './node/signers.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { recoverCases, secp256k1Vectors } from './testing/ecdsa-cases.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';

const engines = await allEngines();
const key = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => (bytes[0] as number) < 0xff && bytes.some(Boolean));
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe.each(engines)('secp256k1 recovery in the %s engine', (_, engine) => {
  it.each(recoverCases())('$name: $address', ({ digest: hash, signature, address }) => {
    expect(engine.secp256k1Recover(hash, signature)).toBe(address);
  });

  it('recovers the signers of RFC 6979 signatures', () => {
    for (const { privateKey, text, signature } of secp256k1Vectors) {
      const { address } = createSecp256k1Signer(fromHex(privateKey));
      const recovered = [27, 28].map((v) =>
        engine.secp256k1Recover(sha256(utf8(text)), Uint8Array.from([...fromHex(signature), v])),
      );
      expect(recovered).toContain(address);
    }
  });
});

describe('secp256k1 over all engines', () => {
  it('gives one answer on signatures with flipped bits', () => {
    fc.assert(
      fc.property(key, digest, fc.option(fc.nat(65 * 8 - 1)), (privateKey, hash, bit) => {
        const signer = createSecp256k1Signer(privateKey);
        const signature = Uint8Array.from(signer.sign(toHash(toHex(hash))) as Uint8Array);
        if (bit !== null) signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7));
        const [first, ...others] = engines.map(([, engine]) => engine.secp256k1Recover(hash, signature));
        expect(first === signer.address).toBe(bit === null);
        for (const answer of others) expect(answer).toBe(first);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each([
  ['portable', createSecp256k1Signer],
  ['node', createNodeSecp256k1Signer],
])('the %s secp256k1 signer', (_, create) => {
  it.each(secp256k1Vectors)('signs "$text" like RFC 6979', async ({ privateKey, text, signature }) => {
    const signed = await create(fromHex(privateKey)).sign(toHash(toHex(sha256(utf8(text)))));
    expect(toHex(signed.subarray(0, 64))).toBe(signature);
    expect([27, 28]).toContain(signed[64]);
  });

  it('knows the address of key 1', () => {
    expect(create(fromHex(secp256k1Vectors[0].privateKey)).address).toBe('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf');
  });

  it.each([
    ['zero', new Uint8Array(32)],
    ['the group order', fromHex('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')],
    ['31 bytes', new Uint8Array(31).fill(0xab)],
    ['33 bytes', new Uint8Array(33).fill(0xab)],
  ])('refuses %s as a key without showing it', (__, bytes) => {
    expect(() => create(bytes)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
    expect(() => create(bytes)).not.toThrowError(/abab|fffff|0000/);
  });

  it('keeps no hold on the bytes it was given', async () => {
    const bytes = new Uint8Array(32).fill(5);
    const signer = create(bytes);
    const hash = toHash(`0x${'01'.repeat(32)}`);
    const before = await signer.sign(hash);
    bytes.fill(6);
    expect(await signer.sign(hash)).toEqual(before);
  });
});

describe('the two secp256k1 signers', () => {
  it('write the same bytes', () => {
    fc.assert(
      fc.property(key, digest, (privateKey, hash) => {
        const [portable, node] = [createSecp256k1Signer(privateKey), createNodeSecp256k1Signer(privateKey)];
        expect(node.address).toBe(portable.address);
        expect(node.sign(toHash(toHex(hash)))).toEqual(portable.sign(toHash(toHex(hash))));
      }),
      { numRuns: 40 },
    );
  });
});
