import { createPublicKey, verify } from 'node:crypto';
import { Point } from '@noble/ed25519';
import sodium from 'sodium-native';
import { describe, expect, it } from 'vitest';
import { p256Matrix, recoverMatrix } from './testing/ecdsa-matrix.fixtures.ts';
import { type Ed25519MatrixCase, ed25519Matrix } from './testing/ed25519-matrix.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';

const engines = await allEngines();
const matrix = ed25519Matrix();
const recover = recoverMatrix();
const p256 = p256Matrix();

const count = <Case>(cases: readonly Case[], has: (each: Case) => boolean) => cases.filter(has).length;

describe('the matrix of hostile signatures', () => {
  it('covers what it is about', () => {
    expect(matrix.length).toBe(22 * 22 * 3);
    expect(count(matrix, ({ valid }) => valid)).toBe(1);
    expect(count(matrix, ({ equation, valid }) => equation === 'cofactorless' && !valid)).toBeGreaterThan(400);
    expect(count(matrix, ({ equation }) => equation === 'cofactored')).toBeGreaterThan(200);
    expect(count(recover, ({ address }) => address !== undefined)).toBeGreaterThan(100);
    expect(count(p256, ({ valid }) => valid)).toBeGreaterThan(10);
    expect(new Set(matrix.map(({ name }) => name)).size).toBe(matrix.length);
  });

  it('holds signatures that bare libraries take, and we refuse', async ({ annotate }) => {
    const wrongly = async (take: (each: Ed25519MatrixCase) => boolean | Promise<boolean>) => {
      const taken = await Promise.all(matrix.map(async (each) => !each.valid && (await take(each))));
      return taken.filter(Boolean).length;
    };
    const bySodium = await wrongly(({ signature, message, publicKey }) =>
      sodium.crypto_sign_verify_detached(Buffer.from(signature), Buffer.from(message), Buffer.from(publicKey)),
    );
    const byNodeCrypto = await wrongly(({ signature, message, publicKey }) => {
      const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
      return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
    });
    const byWebCrypto = await wrongly(async ({ signature, message, publicKey }) => {
      const key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
      return crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
    });
    await annotate(`taken by libsodium ${bySodium}, node:crypto ${byNodeCrypto}, WebCrypto ${byWebCrypto}`);
    expect(Math.min(bySodium, byNodeCrypto, byWebCrypto)).toBeGreaterThan(0);
  });
});

describe.each(engines)('the matrix in the %s engine', (_, engine) => {
  it('of Ed25519 keys and commitments', async () => {
    for (const { name, publicKey, message, signature, valid } of matrix) {
      expect(await engine.ed25519Verify(publicKey, message, signature), name).toBe(valid);
    }
  });

  it('of recoverable secp256k1 signatures', () => {
    for (const { name, digest, signature, address } of recover) {
      expect(engine.secp256k1Recover(digest, signature), name).toBe(address);
    }
  });

  it('of P-256 signatures', async () => {
    for (const { name, publicKey, message, signature, valid } of p256) {
      expect(await engine.p256Verify(publicKey, message, signature), name).toBe(valid);
    }
  });
});

it('the points of small order are eight', () => {
  const orders = matrix.filter(({ name }) => /^A \dT, R honest$/.test(name)).map(({ publicKey }) => publicKey);
  expect(orders.map((bytes) => Point.fromBytes(bytes).isSmallOrder())).toEqual(Array(8).fill(true));
});
