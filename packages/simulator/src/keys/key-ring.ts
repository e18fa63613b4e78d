import { hash } from 'node:crypto';
import type { CryptoEngine, Secp256k1Signer, VotingSigner } from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { type Address, addressFromBytes, bytesOf, equalBytes, hashFromBytes, keccak256, utf8 } from '@fastpay/protocol';

/** The keys of one run, and an engine that verifies what they sign. */
export interface KeyRing {
  readonly engine: CryptoEngine;
  voting(name: string): VotingSigner;
  /** For validators' settlement and for owners. */
  secp256k1(name: string): Secp256k1Signer;
}

/** The real curves, through the fastest libraries that Node has. */
export function createRealKeyRing(): KeyRing {
  return {
    engine: createNodeEngine(),
    voting: (name) => realVotingSigner(name),
    secp256k1: (name) => createNodeSecp256k1Signer(secretOf(`${name}/secp256k1`)),
  };
}

/**
 * Signatures that are keyed hashes: a hundred times cheaper, in the same shapes, and as unforgeable for whoever has no
 * secret. The engine knows all secrets, as a verifier with the public keys of real curves knows enough; it only answers.
 */
export function createSimulatedKeyRing(): KeyRing {
  const votingSecrets = new Map<string, Uint8Array>();
  const settlementSecrets = new Map<Address, Uint8Array>();

  return {
    voting(name) {
      // A point of the curve, as committees are refused with any other key.
      const { publicKey } = realVotingSigner(name);
      const secret = secretOf(`${name}/voting`);
      votingSecrets.set(publicKey, secret);
      return { publicKey, sign: (message) => votingSignature(secret, message) };
    },
    secp256k1(name) {
      const secret = secretOf(`${name}/secp256k1`);
      const address = addressFromBytes(sha256(secret).subarray(12));
      settlementSecrets.set(address, secret);
      return { address, sign: (digest) => recoverableSignature(address, secret, bytesOf(digest)) };
    },
    engine: {
      ed25519Verify(publicKey, message, signature) {
        if (publicKey.length !== 32) return false;
        const secret = votingSecrets.get(hashFromBytes(publicKey));
        return secret !== undefined && equalBytes(votingSignature(secret, message), signature);
      },
      secp256k1Recover(digest, signature) {
        if (digest.length !== 32 || signature.length !== 65) return undefined;
        const address = addressFromBytes(signature.subarray(12, 32));
        const secret = settlementSecrets.get(address);
        if (!secret || !equalBytes(recoverableSignature(address, secret, digest), signature)) return undefined;
        return address;
      },
      // Nobody in a simulated run has such a key.
      p256Verify: () => false,
    },
  };
}

/** Checking a voting key costs a millisecond and is remembered: the same few keys serve every run. */
const votingSigners = new Map<string, VotingSigner>();

function realVotingSigner(name: string): VotingSigner {
  const signer = votingSigners.get(name) ?? createNodeVotingSigner(secretOf(`${name}/voting`));
  votingSigners.set(name, signer);
  return signer;
}

/** Runs differ in the salt of their domain, so no signature of one means anything in another. */
function secretOf(name: string): Uint8Array {
  return keccak256(utf8(name));
}

/** Through a string, a character a byte: three times as fast as through a buffer. */
function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(32);
  for (let index = 0; index < digest.length; index++) digest[index] = text.charCodeAt(index);
  return digest;
}

function keyedHash(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(32 + message.length);
  bytes.set(secret);
  bytes.set(message, 32);
  return sha256(bytes);
}

/** 64 bytes, as Ed25519 makes them. */
function votingSignature(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(keyedHash(secret, message));
  return signature;
}

/** r‖s‖v in the ranges that the protocol asks for: r names the key, s proves it. */
function recoverableSignature(address: Address, secret: Uint8Array, digest: Uint8Array): Uint8Array {
  const signature = new Uint8Array(65);
  signature[0] = 1;
  signature.set(bytesOf(address), 12);
  signature.set(keyedHash(secret, digest).subarray(1), 33);
  signature[64] = 27;
  return signature;
}
