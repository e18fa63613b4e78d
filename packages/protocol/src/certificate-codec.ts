import { toSequence } from './brand.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, SLOT_BYTES } from './byte-writer.ts';
import type { Certificate, CommitCertificate, QuorumCertificate, SignerSignature } from './certificate.ts';
import { limits } from './limits.ts';
import { decodeSignedOrder, signedOrderBytes, writeSignedOrder } from './order-codec.ts';
import { RejectError } from './reject.ts';
import { SKIP } from './slot.ts';

/**
 * The one binary form in which certificates are stored, exported and linked (§4, binary form). It is canonical:
 * decoding refuses everything that encoding would not have written, and encoding everything that decoding would refuse.
 */

const FORMAT_VERSION = 1;
const TYPE_BYTE = { quorum: 1, commit: 2 } as const;
/** Ed25519. */
export const VOTE_SIGNATURE_BYTES = 64;
/** secp256k1 r‖s‖v. */
export const COMMIT_SIGNATURE_BYTES = 65;
const SIGNATURE_BYTES = { quorum: VOTE_SIGNATURE_BYTES, commit: COMMIT_SIGNATURE_BYTES } as const;
const FIXED_BYTES = 2 + 8 + SLOT_BYTES + 8 + 32 + 1;

/**
 * version u8 ‖ type u8 ‖ epoch u64 ‖ owner ‖ asset ‖ sequence u64 ‖ round u64 ‖ value 32 ‖
 * (unless SKIP: order length u16 ‖ signed order) ‖ signature count u8 ‖ (signer u8 ‖ signature) each.
 * @throws RejectError INVALID_FORMAT or NOT_PAYMENT when a part is out of its bounds.
 */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  const { type, epoch, slot, round, value, signedOrder, signatures } = certificate;
  assertRound(round);
  if ((value === SKIP) !== (signedOrder === undefined)) {
    throw new RejectError('INVALID_FORMAT', 'a certificate carries an order unless its value is SKIP');
  }
  const orderLength = signedOrder ? signedOrderBytes(signedOrder) : 0;
  const signaturesLength = signatures.length * (1 + SIGNATURE_BYTES[type]);
  const writer = new ByteWriter(FIXED_BYTES + (signedOrder ? 2 + orderLength : 0) + signaturesLength)
    .u8(FORMAT_VERSION)
    .u8(TYPE_BYTE[type])
    .u64(epoch)
    .slot(slot)
    .u64(round)
    .hash(value);
  if (signedOrder) writeSignedOrder(writer.u16(orderLength), signedOrder);
  writeSignatures(writer, signatures, SIGNATURE_BYTES[type]);
  return writer.finish();
}

/** @throws RejectError INVALID_FORMAT or NOT_PAYMENT. The signatures still need verification. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== FORMAT_VERSION) throw new RejectError('INVALID_FORMAT', 'unknown certificate version');
  const type = readType(reader);
  const epoch = reader.u64();
  const slot = { owner: reader.address(), asset: reader.address(), sequence: toSequence(reader.u64()) };
  const round = Number(reader.u64());
  assertRound(round);
  const value = reader.hash();
  const signedOrder = value === SKIP ? undefined : decodeSignedOrder(reader.raw(reader.u16()));
  const signatures = readSignatures(reader, SIGNATURE_BYTES[type]);
  reader.end();
  return { type, epoch, slot, round, value, signatures, ...(signedOrder ? { signedOrder } : {}) };
}

/** @throws RejectError INVALID_FORMAT when the bytes are anything but a quorum certificate. */
export function decodeQuorumCertificate(bytes: Uint8Array): QuorumCertificate {
  const certificate = decodeCertificate(bytes);
  if (certificate.type !== 'quorum') throw new RejectError('INVALID_FORMAT', 'expected a quorum certificate');
  return certificate;
}

/** @throws RejectError INVALID_FORMAT when the bytes are anything but a commit certificate. */
export function decodeCommitCertificate(bytes: Uint8Array): CommitCertificate {
  const certificate = decodeCertificate(bytes);
  if (certificate.type !== 'commit') throw new RejectError('INVALID_FORMAT', 'expected a commit certificate');
  return certificate;
}

function assertRound(round: number): void {
  if (!Number.isInteger(round) || round < 0 || round > limits.maxRound) {
    throw new RejectError('INVALID_FORMAT', 'the round is out of range');
  }
}

function readType(reader: ByteReader): Certificate['type'] {
  const byte = reader.u8();
  if (byte === TYPE_BYTE.quorum) return 'quorum';
  if (byte === TYPE_BYTE.commit) return 'commit';
  throw new RejectError('INVALID_FORMAT', 'unknown certificate type');
}

function writeSignatures(writer: ByteWriter, signatures: readonly SignerSignature[], size: number): void {
  assertSignerCount(signatures.length);
  writer.u8(signatures.length);
  let previous = -1;
  for (const { signer, signature } of signatures) {
    assertAscends(previous, signer);
    if (signature.length !== size) throw new RejectError('INVALID_FORMAT', `a signature here has ${size} bytes`);
    writer.u8(signer).raw(signature);
    previous = signer;
  }
}

function readSignatures(reader: ByteReader, size: number): readonly SignerSignature[] {
  const count = reader.u8();
  assertSignerCount(count);
  let previous = -1;
  return Array.from({ length: count }, () => {
    const signer = reader.u8();
    assertAscends(previous, signer);
    previous = signer;
    return { signer, signature: reader.raw(size) };
  });
}

function assertSignerCount(count: number): void {
  if (count > limits.committeeSize) throw new RejectError('INVALID_FORMAT', 'too many signatures');
}

function assertAscends(previous: number, signer: number): void {
  if (!(signer > previous && signer < limits.committeeSize)) {
    throw new RejectError('INVALID_FORMAT', `signers ascend, each once, below ${limits.committeeSize}`);
  }
}
