import { createPublicKey, verify } from 'node:crypto';
import { unsignedBytes } from '@fastpay/protocol';
import secp256k1 from 'secp256k1';
import sodium from 'sodium-native';
import { createP256Payer, signP256 } from '../../src/testing/payers.fixtures.ts';

/**
 * The bare native calls, everything prepared beforehand: what no engine can beat. Inputs take turns, because a branch
 * predictor learns a single one by heart.
 */

export const key = new Uint8Array(32).fill(7);
const INPUTS = 64;

/** Messages as long as a vote. */
export const messages = Array.from({ length: INPUTS }, (_, index) => new Uint8Array(168).fill(index));
export const digests = Array.from({ length: INPUTS }, (_, index) =>
  unsignedBytes(0x1234_5678n ** 7n + BigInt(index), 32),
);

/** A function that gives the inputs one after the other, round and round. */
export function inTurn<Input>(inputs: readonly Input[]): () => Input {
  let next = 0;
  return () => inputs[next++ % inputs.length] as Input;
}

const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES);
const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(key));
const signedMessages = messages.map((message) => {
  const signature = Buffer.alloc(sodium.crypto_sign_BYTES);
  sodium.crypto_sign_detached(signature, Buffer.from(message), secretKey);
  return { message: Buffer.from(message), signature };
});
const signedDigests = digests.map((digest) => ({ digest, ...secp256k1.ecdsaSign(digest, key) }));

const p256Key = createP256Payer(key).publicKey;
const p256Signed = messages.map((message) => ({ message, signature: signP256(key, message) }));
const imported = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from(p256Key.subarray(0, 32)).toString('base64url'),
    y: Buffer.from(p256Key.subarray(32)).toString('base64url'),
  },
  format: 'jwk',
});
const p256Options = { key: imported, dsaEncoding: 'ieee-p1363' } as const;

const nextMessage = inTurn(signedMessages);
const nextDigest = inTurn(signedDigests);
const nextP256 = inTurn(p256Signed);
const output = Buffer.alloc(sodium.crypto_sign_BYTES);

export const bare = {
  ed25519Verify() {
    const { message, signature } = nextMessage();
    return sodium.crypto_sign_verify_detached(signature, message, publicKey);
  },
  ed25519Sign() {
    sodium.crypto_sign_detached(output, nextMessage().message, secretKey);
  },
  secp256k1Recover() {
    const { signature, recid, digest } = nextDigest();
    return secp256k1.ecdsaRecover(signature, recid, digest, false);
  },
  secp256k1Sign() {
    return secp256k1.ecdsaSign(nextDigest().digest, key);
  },
  p256Verify() {
    const { message, signature } = nextP256();
    return verify('sha256', message, p256Options, signature);
  },
} as const;
