import { create } from '@bufbuild/protobuf';
import { type BatchEntry, bytesOf, limits, type SignerSignature } from '@fastpay/protocol';
import { SECP256K1_BYTES, signerSignatureFromProto, signerSignatureToProto } from './ballot.ts';
import { addressField, hashField, listField, requiredField, sequenceField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';

/** A batch of resolved slots that a settler asks validators to sign for (§4 Batch attestation). */
export interface AttestationRequest {
  readonly epoch: bigint;
  readonly entries: readonly BatchEntry[];
}

export function attestationRequestToProto({ epoch, entries }: AttestationRequest): pb.AttestBatchRequest {
  return create(pb.AttestBatchRequestSchema, {
    epoch,
    entries: entries.map(({ account, asset, sequence, value }) => ({
      slot: { owner: bytesOf(account), asset: bytesOf(asset), sequence },
      value: bytesOf(value),
    })),
  });
}

/** At most `limits.batchEntries`. @throws RejectError INVALID_FORMAT. */
export function attestationRequestFromProto(message: pb.AttestBatchRequest): AttestationRequest {
  return {
    epoch: u64Field(message.epoch, 'epoch'),
    entries: listField(message.entries, limits.batchEntries, 'entries').map((entry, index) => {
      const at = `entries[${index}]`;
      const slot = requiredField(entry.slot, `${at}.slot`);
      return {
        account: addressField(slot.owner, `${at}.slot.owner`),
        asset: addressField(slot.asset, `${at}.slot.asset`),
        sequence: sequenceField(slot.sequence, `${at}.slot.sequence`),
        value: hashField(entry.value, `${at}.value`),
      };
    }),
  };
}

export function attestationToProto(signature: SignerSignature): pb.AttestBatchResponse {
  return create(pb.AttestBatchResponseSchema, { signature: signerSignatureToProto(signature) });
}

/** Still to be verified. @throws RejectError INVALID_FORMAT. */
export function attestationFromProto(message: pb.AttestBatchResponse): SignerSignature {
  return signerSignatureFromProto(message.signature, SECP256K1_BYTES);
}
