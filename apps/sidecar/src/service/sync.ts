import type { ServiceImpl } from '@connectrpc/connect';
import { type CommitCertificate, limits, RejectError } from '@fastpay/protocol';
import {
  attestationRequestFromProto,
  attestationToProto,
  certificatePageToProto,
  certificateToProto,
  fundingClosureToProto,
  slotFromProto,
  type ValidatorService,
} from '@fastpay/rpc';
import type { CertificatePage, Validator } from '@fastpay/validator';
import { callKey } from './call.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { hashOf } from './fields.ts';
import { assertSameStore, pageSize } from './store-id.ts';

type Methods = Pick<
  ServiceImpl<typeof ValidatorService>,
  'listCertificates' | 'getResolution' | 'getFundingClosure' | 'attestBatch'
>;

/** A page ends early rather than hold more than this in memory, in about this many bytes on the wire. */
const PAGE_BYTES = 524_288;
/** Asked for with every payment received, by a relay that is one address for many, and no more work than a payment. */
const SMALL_CLOSURE = 16;
/** Certificates read from the store at once while a page is put together. */
const READ_CERTIFICATES = 25;

/** What other sidecars, settlers and wallets fetch: resolutions, closures, attestations (§4, §6, §9). */
export function createSyncMethods({ validator, network, syncLimit }: ServiceDependencies): Methods {
  const storeId = validator.storeId();

  return {
    listCertificates(request, { values }) {
      syncLimit.take(values.get(callKey).remote);
      assertSameStore(request.storeId, storeId);
      const limit = pageSize(request.limit, { most: limits.certificatePage, usual: limits.certificatePage });
      return certificatePageToProto({ ...readPage(validator, { afterCursor: request.afterCursor, limit }), storeId });
    },

    getResolution(request) {
      const certificate = validator.resolution(slotFromProto(request.slot));
      return certificate ? { commitCertificate: certificateToProto(certificate) } : {};
    },

    getFundingClosure(request, { values }) {
      const closure = validator.fundingClosure(hashOf(request.transactionHash, 'transaction_hash'));
      if (!closure) return fundingClosureToProto({ certificates: [], complete: false });
      if (closure.certificates.length > SMALL_CLOSURE) syncLimit.take(values.get(callKey).remote);
      return fundingClosureToProto(closure);
    },

    async attestBatch(request, { values }) {
      syncLimit.take(values.get(callKey).remote);
      const { epoch, entries } = attestationRequestFromProto(request);
      if (epoch !== network.committee.epoch) {
        throw new RejectError('INVALID_FORMAT', `epoch: this committee is of epoch ${network.committee.epoch}`);
      }
      return attestationToProto(await validator.attest(entries));
    },
  };
}

function readPage(
  validator: Pick<Validator, 'certificates'>,
  { afterCursor, limit }: { readonly afterCursor: bigint; readonly limit: number },
): CertificatePage {
  const certificates: CommitCertificate[] = [];
  let nextCursor = afterCursor;
  let bytes = 0;
  for (;;) {
    const wanted = Math.min(READ_CERTIFICATES, limit - certificates.length);
    const part = validator.certificates({ afterCursor: nextCursor, limit: wanted });
    certificates.push(...part.certificates);
    nextCursor = part.nextCursor;
    for (const certificate of part.certificates) bytes += sizeOf(certificate);
    const isFull = certificates.length >= limit || bytes >= PAGE_BYTES;
    if (isFull || !part.hasMore) return { certificates, nextCursor, hasMore: part.hasMore };
  }
}

/** About as many bytes as the certificate has on the wire. */
function sizeOf({ signatures, signedOrder }: CommitCertificate): number {
  const order = signedOrder ? 220 + signedOrder.payerSignature.length + signedOrder.order.parents.length * 34 : 0;
  return 130 + order + signatures.length * 75;
}
