import { create } from '@bufbuild/protobuf';
import {
  type Certificate,
  type CommitCertificate,
  limits,
  type QuorumCertificate,
  type SignerSignature,
  SKIP,
} from '@fastpay/protocol';
import {
  ballotFromProto,
  ballotToProto,
  ED25519_BYTES,
  SECP256K1_BYTES,
  signerSignatureFromProto,
  signerSignatureToProto,
} from './ballot.ts';
import { invalidField, listField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';

const PROTO_TYPE = { quorum: pb.CertificateType.QUORUM, commit: pb.CertificateType.COMMIT } as const;
const SIGNATURE_BYTES = { quorum: ED25519_BYTES, commit: SECP256K1_BYTES } as const;

export function certificateToProto(certificate: Certificate): pb.Certificate {
  return create(pb.CertificateSchema, {
    type: PROTO_TYPE[certificate.type],
    epoch: certificate.epoch,
    ballot: ballotToProto(certificate),
    ...(certificate.signedOrder ? { signedOrder: signedOrderToProto(certificate.signedOrder) } : {}),
    signatures: certificate.signatures.map(signerSignatureToProto),
  });
}

/** The form only; the signatures are still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function certificateFromProto(message: pb.Certificate | undefined, at = 'certificate'): Certificate {
  const certificate = requiredField(message, at);
  const type = certificateType(certificate.type, `${at}.type`);
  const ballot = ballotFromProto(certificate.ballot, `${at}.ballot`);
  const body = {
    epoch: u64Field(certificate.epoch, `${at}.epoch`),
    ...ballot,
    signatures: signaturesFromProto(certificate.signatures, SIGNATURE_BYTES[type], `${at}.signatures`),
  };
  if (ballot.value !== SKIP) {
    return { type, ...body, signedOrder: signedOrderFromProto(certificate.signedOrder, `${at}.signed_order`) };
  }
  if (certificate.signedOrder) throw invalidField(`${at}.signed_order`, 'must be absent, as the value is SKIP');
  return { type, ...body };
}

/** @throws RejectError INVALID_FORMAT also for a certificate of the other type. */
export function quorumCertificateFromProto(
  message: pb.Certificate | undefined,
  at = 'quorum_certificate',
): QuorumCertificate {
  const certificate = certificateFromProto(message, at);
  if (certificate.type !== 'quorum') throw invalidField(`${at}.type`, 'expected a quorum certificate');
  return certificate;
}

/** @throws RejectError INVALID_FORMAT also for a certificate of the other type. */
export function commitCertificateFromProto(
  message: pb.Certificate | undefined,
  at = 'commit_certificate',
): CommitCertificate {
  const certificate = certificateFromProto(message, at);
  if (certificate.type !== 'commit') throw invalidField(`${at}.type`, 'expected a commit certificate');
  return certificate;
}

/** Certificates that travel with a request, at most `limits.attachments` (§14). @throws RejectError INVALID_FORMAT. */
export function attachmentsFromProto(
  messages: readonly pb.Certificate[],
  at = 'attachments',
): readonly CommitCertificate[] {
  return listField(messages, limits.attachments, at).map((message, index) =>
    commitCertificateFromProto(message, `${at}[${index}]`),
  );
}

function certificateType(type: pb.CertificateType, at: string): Certificate['type'] {
  if (type === pb.CertificateType.QUORUM) return 'quorum';
  if (type === pb.CertificateType.COMMIT) return 'commit';
  throw invalidField(at, 'is neither QUORUM nor COMMIT');
}

function signaturesFromProto(
  messages: readonly pb.SignerSignature[],
  length: number,
  at: string,
): readonly SignerSignature[] {
  let previous = -1;
  return listField(messages, limits.committeeSize, at).map((message, index) => {
    const signature = signerSignatureFromProto(message, length, `${at}[${index}]`);
    if (signature.signer <= previous) throw invalidField(at, 'signers must ascend, each once');
    previous = signature.signer;
    return signature;
  });
}
