import { create } from '@bufbuild/protobuf';
import { type CommitCertificate, limits } from '@fastpay/protocol';
import { certificateToProto, commitCertificateFromProto } from './certificate.ts';
import { bytesField, listField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';

/** Identity of a validator's store: cursors belong to it (§9). */
export const STORE_ID_BYTES = 16;

/** Resolutions in the order of the store that serves them (§9). */
export interface CertificatePage {
  readonly certificates: readonly CommitCertificate[];
  /** Pass as `after_cursor` for the next page. */
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
  /** Of the serving store, `STORE_ID_BYTES` bytes. */
  readonly storeId: Uint8Array;
}

/** The unsettled certificates that a payment rests on, oldest first, its own last (§6). */
export interface FundingClosure {
  readonly certificates: readonly CommitCertificate[];
  readonly complete: boolean;
}

export function certificatePageToProto(page: CertificatePage): pb.ListCertificatesResponse {
  return create(pb.ListCertificatesResponseSchema, {
    ...page,
    certificates: page.certificates.map(certificateToProto),
  });
}

/** Certificates are still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function certificatePageFromProto(message: pb.ListCertificatesResponse): CertificatePage {
  return {
    certificates: certificates(message.certificates, limits.certificatePage),
    nextCursor: u64Field(message.nextCursor, 'next_cursor'),
    hasMore: message.hasMore,
    storeId: bytesField(message.storeId, STORE_ID_BYTES, 'store_id'),
  };
}

export function fundingClosureToProto(closure: FundingClosure): pb.GetFundingClosureResponse {
  return create(pb.GetFundingClosureResponseSchema, {
    certificates: closure.certificates.map(certificateToProto),
    complete: closure.complete,
  });
}

/** Certificates are still to be verified. @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function fundingClosureFromProto(message: pb.GetFundingClosureResponse): FundingClosure {
  return {
    certificates: certificates(message.certificates, limits.closureCertificates),
    complete: message.complete,
  };
}

function certificates(messages: pb.GetFundingClosureResponse['certificates'], maximum: number) {
  return listField(messages, maximum, 'certificates').map((message, index) =>
    commitCertificateFromProto(message, `certificates[${index}]`),
  );
}
