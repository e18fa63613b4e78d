import { toSequence } from './brand.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, SLOT_BYTES } from './byte-writer.ts';
import { COMMIT_SIGNATURE_BYTES, VOTE_SIGNATURE_BYTES } from './certificate-codec.ts';
import { assertContradicts, type Evidence, type EvidenceSubject, evidenceSubject } from './evidence.ts';
import { limits } from './limits.ts';
import type { Lock } from './messages.ts';
import { RejectError } from './reject.ts';

/**
 * The one binary form in which evidence is stored (§13). It is canonical, and holds nothing that does not contradict
 * itself: decoding refuses everything that encoding would not have written, and encoding everything that decoding
 * would refuse.
 */

const FORMAT_VERSION = 1;
const TYPE_BYTE = { votes: 1, commits: 2, promise: 3 } as const;
const HEADER_BYTES = 2 + 8 + SLOT_BYTES + 1;
const LOCK_BYTES = 8 + 8 + 32;

/**
 * version u8 ‖ type u8 ‖ epoch u64 ‖ owner ‖ asset ‖ sequence u64 ‖ signer u8 ‖ then
 * votes, commits: round u64 ‖ (value 32 ‖ signature 64 or 65) twice;
 * promise: round u64 ‖ hasLock u8 ‖ (locked epoch u64 ‖ locked round u64 ‖ locked value 32) ‖ signature 64 ‖
 * commit's round u64 ‖ value 32 ‖ signature 65.
 * @throws RejectError INVALID_FORMAT when a part is out of its bounds or the messages do not contradict each other.
 */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  assertContradicts(evidence);
  return evidence.type === 'promise' ? encodeBrokenPromise(evidence) : encodePair(evidence);
}

/** @throws RejectError INVALID_FORMAT. The signatures still need verification. */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== FORMAT_VERSION) throw new RejectError('INVALID_FORMAT', 'unknown evidence version');
  const type = readType(reader);
  const subject: EvidenceSubject = {
    epoch: reader.u64(),
    slot: { owner: reader.address(), asset: reader.address(), sequence: toSequence(reader.u64()) },
    signer: inCommittee(reader.u8()),
  };
  const evidence = type === 'promise' ? readBrokenPromise(reader, subject) : readPair(reader, type, subject);
  reader.end();
  assertContradicts(evidence);
  return evidence;
}

type Pair = Extract<Evidence, { type: 'votes' | 'commits' }>;
type BrokenPromise = Extract<Evidence, { type: 'promise' }>;

const PAIR_SIGNATURE_BYTES = { votes: VOTE_SIGNATURE_BYTES, commits: COMMIT_SIGNATURE_BYTES } as const;

function header(evidence: Evidence, rest: number): ByteWriter {
  const { epoch, slot, signer } = evidenceSubject(evidence);
  const writer = new ByteWriter(HEADER_BYTES + rest).u8(FORMAT_VERSION).u8(TYPE_BYTE[evidence.type]);
  return writer.u64(epoch).slot(slot).u8(inCommittee(signer));
}

function encodePair(evidence: Pair): Uint8Array {
  const { type, first, second } = evidence;
  const length = PAIR_SIGNATURE_BYTES[type];
  const writer = header(evidence, 8 + 2 * (32 + length)).u64(asRound(first.round));
  for (const { value, signature } of [first, second]) writer.hash(value).raw(sized(signature.signature, length));
  return writer.finish();
}

function readPair(reader: ByteReader, type: Pair['type'], { epoch, slot, signer }: EvidenceSubject): Pair {
  const round = readRound(reader);
  const readBallot = () => {
    const value = reader.hash();
    return { epoch, slot, round, value, signature: { signer, signature: reader.raw(PAIR_SIGNATURE_BYTES[type]) } };
  };
  return { type, first: readBallot(), second: readBallot() };
}

function encodeBrokenPromise(evidence: BrokenPromise): Uint8Array {
  const { promise, commit } = evidence;
  const { lock } = promise;
  const rest = 8 + 1 + (lock ? LOCK_BYTES : 0) + VOTE_SIGNATURE_BYTES + 8 + 32 + COMMIT_SIGNATURE_BYTES;
  const writer = header(evidence, rest)
    .u64(asRound(promise.round))
    .u8(lock ? 1 : 0);
  if (lock) writer.u64(lock.epoch).u64(asRound(lock.round)).hash(lock.value);
  return writer
    .raw(sized(promise.signature.signature, VOTE_SIGNATURE_BYTES))
    .u64(asRound(commit.round))
    .hash(commit.value)
    .raw(sized(commit.signature.signature, COMMIT_SIGNATURE_BYTES))
    .finish();
}

function readBrokenPromise(reader: ByteReader, { epoch, slot, signer }: EvidenceSubject): BrokenPromise {
  const round = readRound(reader);
  const lock = readLock(reader);
  const signature = { signer, signature: reader.raw(VOTE_SIGNATURE_BYTES) };
  const commit = {
    epoch,
    slot,
    round: readRound(reader),
    value: reader.hash(),
    signature: { signer, signature: reader.raw(COMMIT_SIGNATURE_BYTES) },
  };
  return { type: 'promise', promise: { epoch, slot, round, ...(lock && { lock }), signature }, commit };
}

function readLock(reader: ByteReader): Lock | undefined {
  const flag = reader.u8();
  if (flag > 1) throw new RejectError('INVALID_FORMAT', 'a flag is 0 or 1');
  return flag === 1 ? { epoch: reader.u64(), round: readRound(reader), value: reader.hash() } : undefined;
}

function readRound(reader: ByteReader): number {
  return asRound(Number(reader.u64()));
}

function asRound(round: number): number {
  if (Number.isInteger(round) && round >= 0 && round <= limits.maxRound) return round;
  throw new RejectError('INVALID_FORMAT', 'the round is out of range');
}

function inCommittee(signer: number): number {
  if (signer < limits.committeeSize) return signer;
  throw new RejectError('INVALID_FORMAT', `a signer lies below ${limits.committeeSize}`);
}

function sized(signature: Uint8Array, length: number): Uint8Array {
  if (signature.length === length) return signature;
  throw new RejectError('INVALID_FORMAT', `a signature here has ${length} bytes`);
}

function readType(reader: ByteReader): Evidence['type'] {
  const byte = reader.u8();
  for (const type of ['votes', 'commits', 'promise'] as const) if (TYPE_BYTE[type] === byte) return type;
  throw new RejectError('INVALID_FORMAT', 'unknown type of evidence');
}
