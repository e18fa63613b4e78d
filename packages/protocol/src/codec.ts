import { type Address, addressFromBytes, bytesOf, type Hash, hashFromBytes, toAmount, toSequence } from './brand.ts';
import { concatBytes, readUnsigned, unsignedBytes } from './bytes.ts';
import type { Certificate, CommitCertificate, QuorumCertificate, SignerSignature } from './certificate.ts';
import { limits } from './limits.ts';
import type { OrderKind, PaymentOrder, SignedOrder } from './order.ts';
import { RejectError } from './reject.ts';
import { SKIP } from './slot.ts';

/**
 * The one binary form in which orders and certificates are stored, exported and linked.
 * It is canonical: decoding refuses everything that encoding would not have written.
 */

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (this.#offset + length > this.#bytes.length) {
      throw new RejectError('INVALID_FORMAT', 'the bytes end too early');
    }
    const part = this.#bytes.slice(this.#offset, this.#offset + length);
    this.#offset += length;
    return part;
  }

  unsigned(size: number): bigint {
    return readUnsigned(this.take(size));
  }

  /** Only for sizes up to 4 bytes. */
  number(size: 1 | 2 | 4): number {
    return Number(this.unsigned(size));
  }

  address(): Address {
    return addressFromBytes(this.take(20));
  }

  hash(): Hash {
    return hashFromBytes(this.take(32));
  }

  end(): void {
    if (this.#offset !== this.#bytes.length) throw new RejectError('INVALID_FORMAT', 'bytes follow after the end');
  }
}

const FORMAT_VERSION = 1;
const CERTIFICATE_TYPE = { quorum: 1, commit: 2 } as const;
const SIGNATURE_BYTES = { quorum: 64, commit: 65 } as const;

/**
 * kind u8 ‖ sender ‖ recipient ‖ asset ‖ amount u64 ‖ fee u64 ‖ sequence u64 ‖ validUntil u64 ‖ memo 32 ‖
 * parent count u8 ‖ parents 32 each ‖ signature length u16 ‖ signature.
 */
export function encodeSignedOrder({ order, payerSignature }: SignedOrder): Uint8Array {
  return concatBytes(
    unsignedBytes(order.kind, 1),
    bytesOf(order.sender),
    bytesOf(order.recipient),
    bytesOf(order.asset),
    unsignedBytes(order.amount, 8),
    unsignedBytes(order.fee, 8),
    unsignedBytes(order.sequence, 8),
    unsignedBytes(order.validUntil, 8),
    bytesOf(order.memo),
    unsignedBytes(order.parents.length, 1),
    ...order.parents.map(bytesOf),
    unsignedBytes(payerSignature.length, 2),
    payerSignature,
  );
}

/** @throws RejectError INVALID_FORMAT. The order still needs `assertValidOrder` and its signature a check. */
export function decodeSignedOrder(bytes: Uint8Array): SignedOrder {
  if (bytes.length > limits.orderBytes) throw new RejectError('INVALID_FORMAT', 'the order is too large');
  const reader = new Reader(bytes);
  const signedOrder = readSignedOrder(reader);
  reader.end();
  return signedOrder;
}

function readSignedOrder(reader: Reader): SignedOrder {
  const kind = reader.number(1);
  if (kind > 1) throw new RejectError('NOT_PAYMENT', `there is no order kind ${kind}`);
  const order: PaymentOrder = {
    kind: kind as OrderKind,
    sender: reader.address(),
    recipient: reader.address(),
    asset: reader.address(),
    amount: toAmount(reader.unsigned(8)),
    fee: toAmount(reader.unsigned(8)),
    sequence: toSequence(reader.unsigned(8)),
    validUntil: reader.unsigned(8),
    memo: reader.hash(),
    parents: readParents(reader),
  };
  const signatureLength = reader.number(2);
  if (signatureLength > limits.payerSignatureBytes) {
    throw new RejectError('INVALID_FORMAT', 'the payer signature is too long');
  }
  return { order, payerSignature: reader.take(signatureLength) };
}

function readParents(reader: Reader): readonly Hash[] {
  const count = reader.number(1);
  if (count > limits.parents)
    throw new RejectError('INVALID_FORMAT', `an order names at most ${limits.parents} parents`);
  return Array.from({ length: count }, () => reader.hash());
}

/**
 * version u8 ‖ type u8 ‖ epoch u64 ‖ owner ‖ asset ‖ sequence u64 ‖ round u64 ‖ value 32 ‖
 * (unless SKIP: order length u16 ‖ signed order) ‖ signature count u8 ‖ (signer u8 ‖ signature) each.
 */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  const signedOrder = certificate.signedOrder ? encodeSignedOrder(certificate.signedOrder) : undefined;
  return concatBytes(
    Uint8Array.of(FORMAT_VERSION, CERTIFICATE_TYPE[certificate.type]),
    unsignedBytes(certificate.epoch, 8),
    bytesOf(certificate.slot.owner),
    bytesOf(certificate.slot.asset),
    unsignedBytes(certificate.slot.sequence, 8),
    unsignedBytes(certificate.round, 8),
    bytesOf(certificate.value),
    ...(signedOrder ? [unsignedBytes(signedOrder.length, 2), signedOrder] : []),
    unsignedBytes(certificate.signatures.length, 1),
    ...certificate.signatures.flatMap(({ signer, signature }) => [unsignedBytes(signer, 1), signature]),
  );
}

/** @throws RejectError INVALID_FORMAT. The signatures still need verification. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  const reader = new Reader(bytes);
  if (reader.number(1) !== FORMAT_VERSION) throw new RejectError('INVALID_FORMAT', 'unknown certificate version');
  const typeByte = reader.number(1);
  if (typeByte !== CERTIFICATE_TYPE.quorum && typeByte !== CERTIFICATE_TYPE.commit) {
    throw new RejectError('INVALID_FORMAT', 'unknown certificate type');
  }
  const type = typeByte === CERTIFICATE_TYPE.quorum ? 'quorum' : 'commit';
  const epoch = reader.unsigned(8);
  const slot = { owner: reader.address(), asset: reader.address(), sequence: toSequence(reader.unsigned(8)) };
  const round = reader.unsigned(8);
  if (round > BigInt(limits.maxRound)) throw new RejectError('INVALID_FORMAT', 'the round is out of range');
  const value = reader.hash();
  const signedOrder = value === SKIP ? undefined : decodeSignedOrder(reader.take(reader.number(2)));
  const signatures = readSignatures(reader, SIGNATURE_BYTES[type]);
  reader.end();
  return {
    type,
    epoch,
    slot,
    round: Number(round),
    value,
    signatures,
    ...(signedOrder ? { signedOrder } : {}),
  };
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

function readSignatures(reader: Reader, size: number): readonly SignerSignature[] {
  const count = reader.number(1);
  if (count > limits.committeeSize) throw new RejectError('INVALID_FORMAT', 'too many signatures');
  let previous = -1;
  return Array.from({ length: count }, () => {
    const signer = reader.number(1);
    if (signer <= previous) throw new RejectError('INVALID_FORMAT', 'signers must ascend, each once');
    previous = signer;
    return { signer, signature: reader.take(size) };
  });
}
