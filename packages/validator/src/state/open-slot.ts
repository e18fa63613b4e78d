import {
  type ByteReader,
  ByteWriter,
  decodeQuorumCertificate,
  encodeCertificate,
  type Hash,
  limits,
  type QuorumCertificate,
} from '@fastpay/protocol';
import type { Round } from '../rules/rounds.ts';
import { readFlag, readRow } from './row.ts';

/** What this validator has bound itself to in the first unresolved slot of an account (§5). */
export interface OpenSlot {
  /** Nothing is signed below this round any more. */
  readonly promised: Round;
  /** At most one a round. */
  readonly votes: readonly RecordedVote[];
  readonly lock?: Lock;
}

/** A vote, with the signature that was given for it: a repeated request gets these bytes again. */
export interface RecordedVote extends Round {
  readonly value: Hash;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** The quorum certificate of the highest round committed to, and the commit given for it. */
export interface Lock {
  readonly certificate: QuorumCertificate;
  /** secp256k1 r‖s‖v, 65 bytes. */
  readonly signature: Uint8Array;
}

const VOTE_BYTES = 8 + 8 + 32 + 64;
const COMMIT_SIGNATURE_BYTES = 65;

/**
 * promised epoch u64 ‖ promised round u64 ‖ vote count u8 ‖ (epoch u64 ‖ round u64 ‖ value 32 ‖ signature 64) each ‖
 * locked u8 ‖ (signature 65 ‖ certificate length u16 ‖ certificate).
 */
export function encodeOpenSlot({ promised, votes, lock }: OpenSlot): Uint8Array {
  const certificate = lock && encodeCertificate(lock.certificate);
  const lockBytes = certificate ? COMMIT_SIGNATURE_BYTES + 2 + certificate.length : 0;
  const writer = new ByteWriter(16 + 1 + votes.length * VOTE_BYTES + 1 + lockBytes)
    .u64(promised.epoch)
    .u64(promised.round)
    .u8(votes.length);
  for (const vote of votes) writer.u64(vote.epoch).u64(vote.round).hash(vote.value).raw(vote.signature);
  if (!lock || !certificate) return writer.u8(0).finish();
  return writer.u8(1).raw(lock.signature).u16(certificate.length).raw(certificate).finish();
}

export function decodeOpenSlot(bytes: Uint8Array): OpenSlot {
  return readRow('an open slot', bytes, (reader) => {
    const promised = readRound(reader);
    const votes = Array.from({ length: reader.u8() }, () => ({
      ...readRound(reader),
      value: reader.hash(),
      signature: reader.raw(64),
    }));
    if (!readFlag(reader)) return { promised, votes };
    const signature = reader.raw(COMMIT_SIGNATURE_BYTES);
    return { promised, votes, lock: { certificate: decodeQuorumCertificate(reader.raw(reader.u16())), signature } };
  });
}

function readRound(reader: ByteReader): Round {
  const [epoch, round] = [reader.u64(), reader.u64()];
  if (round > BigInt(limits.maxRound)) throw new RangeError('a round is out of range');
  return { epoch, round: Number(round) };
}
