import { hashFromBytes, RejectError } from '@fastpay/protocol';
import { getPublicKey, sign } from '@noble/ed25519';
import './ed25519.ts';
import type { VotingSigner } from './engine.ts';

export const VOTING_SEED_BYTES = 32;

/**
 * Signs with an Ed25519 key (RFC 8032) in pure JavaScript.
 * @param seed 32 bytes; copied.
 * @throws RejectError INVALID_FORMAT for another length.
 */
export function createVotingSigner(seed: Uint8Array): VotingSigner {
  assertVotingSeed(seed);
  const secret = Uint8Array.from(seed);
  return { publicKey: hashFromBytes(getPublicKey(secret)), sign: (message) => sign(message, secret) };
}

/** @throws RejectError INVALID_FORMAT unless there are 32 bytes. The message never shows them. */
export function assertVotingSeed(seed: Uint8Array): void {
  if (seed.length !== VOTING_SEED_BYTES) {
    throw new RejectError('INVALID_FORMAT', `a voting seed is ${VOTING_SEED_BYTES} bytes`);
  }
}
