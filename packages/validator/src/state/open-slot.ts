import {
  type ByteReader,
  ByteWriter,
  decodeQuorumCertificate,
  encodeCertificate,
  type Hash,
  limits,
  type QuorumCertificate,
  type SignedPromise,
} from '@fastpay/protocol';
import type { Round } from '../rules/rounds.ts';
import { readFlag, readMilliseconds, readRow } from './row.ts';

/** What this validator has bound itself to in the first unresolved slot of an account (§5). */
export interface OpenSlot {
  /** Nothing is signed below this round any more. */
  readonly promised: Round;
  /** At most one a round, the highest last; of many the first and the highest are kept. */
  readonly votes: readonly RecordedVote[];
  readonly lock?: Lock;
  /** The last promise given for a new round. */
  readonly promise?: RecordedPromise;
  /** What others promised for the round that was voted in last: whoever commits below it is convicted by it (§13). */
  readonly heard?: HeardPromises;
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
  /** When it was committed to, unix milliseconds. */
  readonly lockedAtMs: number;
}

/** A promise, as it was given: a repeated request gets these bytes again, whatever was committed to since. */
export interface RecordedPromise extends Round {
  /** The certificate of the lock that it names. */
  readonly lockCertificate?: QuorumCertificate;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** The promises that a vote in a higher round rested on. */
export interface HeardPromises extends Round {
  readonly promises: readonly Omit<SignedPromise, 'epoch' | 'slot' | 'round'>[];
}

const VOTE_BYTES = 8 + 8 + 32 + 64;
const COMMIT_SIGNATURE_BYTES = 65;
const PROMISE_SIGNATURE_BYTES = 64;
const LOCK_BYTES = 8 + 8 + 32;

/**
 * promised epoch u64 ‖ promised round u64 ‖ vote count u8 ‖ (epoch u64 ‖ round u64 ‖ value 32 ‖ signature 64) each ‖
 * locked u8 ‖ (locked at u64 (unix ms) ‖ signature 65 ‖ certificate length u16 ‖ certificate) ‖
 * has promised u8 ‖ (epoch u64 ‖ round u64 ‖ signature 64 ‖ certificate length u16, 0 without a lock ‖ certificate) ‖
 * has heard u8 ‖ (epoch u64 ‖ round u64 ‖ promise count u8 ‖ (signer u8 ‖ locked u8 ‖ (locked epoch u64 ‖ locked round
 * u64 ‖ locked value 32) ‖ signature 64) each).
 */
export function encodeOpenSlot({ promised, votes, lock, promise, heard }: OpenSlot): Uint8Array {
  const certificate = lock && encodeCertificate(lock.certificate);
  const lockBytes = certificate ? 8 + COMMIT_SIGNATURE_BYTES + 2 + certificate.length : 0;
  const named = promise?.lockCertificate ? encodeCertificate(promise.lockCertificate) : new Uint8Array();
  const promiseBytes = promise ? 16 + PROMISE_SIGNATURE_BYTES + 2 + named.length : 0;
  const length = 16 + 1 + votes.length * VOTE_BYTES + 1 + lockBytes + 1 + promiseBytes + 1 + heardBytes(heard);
  const writer = new ByteWriter(length).u64(promised.epoch).u64(promised.round).u8(votes.length);
  for (const vote of votes) writer.u64(vote.epoch).u64(vote.round).hash(vote.value).raw(vote.signature);
  writer.u8(lock ? 1 : 0);
  if (lock && certificate) {
    writer.u64(lock.lockedAtMs).raw(lock.signature).u16(certificate.length).raw(certificate);
  }
  writer.u8(promise ? 1 : 0);
  if (promise) writer.u64(promise.epoch).u64(promise.round).raw(promise.signature).u16(named.length).raw(named);
  writer.u8(heard ? 1 : 0);
  if (heard) writeHeard(writer, heard);
  return writer.finish();
}

export function decodeOpenSlot(bytes: Uint8Array): OpenSlot {
  return readRow('an open slot', bytes, (reader) => {
    const promised = readRound(reader);
    const votes = Array.from({ length: reader.u8() }, () => ({
      ...readRound(reader),
      value: reader.hash(),
      signature: reader.raw(64),
    }));
    const lock = readFlag(reader) ? readLock(reader) : undefined;
    const promise = readFlag(reader) ? readPromise(reader) : undefined;
    const heard = readFlag(reader) ? readHeard(reader) : undefined;
    return { promised, votes, ...(lock && { lock }), ...(promise && { promise }), ...(heard && { heard }) };
  });
}

function readLock(reader: ByteReader): Lock {
  const lockedAtMs = readMilliseconds(reader);
  const signature = reader.raw(COMMIT_SIGNATURE_BYTES);
  return { lockedAtMs, signature, certificate: decodeQuorumCertificate(reader.raw(reader.u16())) };
}

function readPromise(reader: ByteReader): RecordedPromise {
  const round = readRound(reader);
  const signature = reader.raw(PROMISE_SIGNATURE_BYTES);
  const length = reader.u16();
  if (length === 0) return { ...round, signature };
  return { ...round, signature, lockCertificate: decodeQuorumCertificate(reader.raw(length)) };
}

function heardBytes(heard: HeardPromises | undefined): number {
  const each = heard?.promises.map(({ lock }) => 2 + (lock ? LOCK_BYTES : 0) + PROMISE_SIGNATURE_BYTES) ?? [];
  return each.reduce((sum, bytes) => sum + bytes, heard ? 17 : 0);
}

function writeHeard(writer: ByteWriter, { epoch, round, promises }: HeardPromises): void {
  writer.u64(epoch).u64(round).u8(promises.length);
  for (const { lock, signature } of promises) {
    writer.u8(signature.signer).u8(lock ? 1 : 0);
    if (lock) writer.u64(lock.epoch).u64(lock.round).hash(lock.value);
    writer.raw(signature.signature);
  }
}

function readHeard(reader: ByteReader): HeardPromises {
  const round = readRound(reader);
  const promises = Array.from({ length: reader.u8() }, () => {
    const signer = reader.u8();
    const lock = readFlag(reader) ? { ...readRound(reader), value: reader.hash() } : undefined;
    return { ...(lock && { lock }), signature: { signer, signature: reader.raw(PROMISE_SIGNATURE_BYTES) } };
  });
  return { ...round, promises };
}

function readRound(reader: ByteReader): Round {
  const [epoch, round] = [reader.u64(), reader.u64()];
  if (round > BigInt(limits.maxRound)) throw new RangeError('a round is out of range');
  return { epoch, round: Number(round) };
}
