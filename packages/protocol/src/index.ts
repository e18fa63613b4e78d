export * from './account-answer.ts';
export * from './amount.ts';
export * from './brand.ts';
export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export * from './bytes.ts';
export * from './certificate.ts';
export {
  decodeCertificate,
  decodeCommitCertificate,
  decodeQuorumCertificate,
  encodeCertificate,
} from './certificate-codec.ts';
export * from './choose-value.ts';
export * from './committee.ts';
export * from './domain.ts';
export * from './evidence.ts';
export { decodeEvidence, encodeEvidence } from './evidence-codec.ts';
export * from './lifecycle.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './network.ts';
export * from './network-file.ts';
export * from './order.ts';
export { decodeSignedOrder, encodeSignedOrder } from './order-codec.ts';
export * from './reject.ts';
export * from './round.ts';
export * from './slot.ts';
