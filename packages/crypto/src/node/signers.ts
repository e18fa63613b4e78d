import { bytesOf, hashFromBytes } from '@fastpay/protocol';
import secp256k1 from 'secp256k1';
import sodium from 'sodium-native';
import { addressOfPublicKey } from '../address.ts';
import type { Secp256k1Signer, VotingSigner } from '../engine.ts';
import { assertSecp256k1Key, serializeRecoverable } from '../secp256k1-signer.ts';
import { assertVotingSeed } from '../voting-signer.ts';
import { asBuffer } from './buffer.ts';

/**
 * Signs with an Ed25519 key (RFC 8032) through libsodium; the secret lies in memory that is locked and not dumped.
 * @param seed 32 bytes; copied.
 * @throws RejectError INVALID_FORMAT for another length.
 */
export function createNodeVotingSigner(seed: Uint8Array): VotingSigner {
  assertVotingSeed(seed);
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES);
  const secretKey = sodium.sodium_malloc(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, asBuffer(seed));
  return {
    publicKey: hashFromBytes(publicKey),
    sign(message) {
      const signature = new Uint8Array(sodium.crypto_sign_BYTES);
      sodium.crypto_sign_detached(asBuffer(signature), asBuffer(message), secretKey);
      return signature;
    },
  };
}

/**
 * Signs digests with a secp256k1 key through libsecp256k1: deterministic (RFC 6979), low s.
 * @param privateKey 32 bytes, 0 < key < group order; copied.
 * @throws RejectError INVALID_FORMAT for anything else.
 */
export function createNodeSecp256k1Signer(privateKey: Uint8Array): Secp256k1Signer {
  assertSecp256k1Key(privateKey);
  const secret = Uint8Array.from(privateKey);
  return {
    address: addressOfPublicKey(secp256k1.publicKeyCreate(secret, false)),
    sign(digest) {
      const { signature, recid } = secp256k1.ecdsaSign(bytesOf(digest), secret);
      return serializeRecoverable(signature, recid);
    },
  };
}
