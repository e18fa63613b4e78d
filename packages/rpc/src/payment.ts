import { create } from '@bufbuild/protobuf';
import {
  bytesOf,
  type CommitCertificate,
  type Hash,
  limits,
  type QuorumCertificate,
  type SignedBallot,
  type SignedOrder,
  type Stage,
} from '@fastpay/protocol';
import { voteFromProto, voteToProto } from './ballot.ts';
import { certificateToProto, commitCertificateFromProto, quorumCertificateFromProto } from './certificate.ts';
import {
  optionalStageFromProto,
  type SettlementReference,
  settlementFromProto,
  settlementToProto,
  stageFromProto,
  stageToProto,
} from './chain.ts';
import { hashField, indexField, requiredField, u64Field } from './fields.ts';
import * as relay from './gen/fastpay/v1/relay_pb.ts';
import * as types from './gen/fastpay/v1/types_pb.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';

/** What one validator knows of one payment. */
export interface PaymentView {
  readonly transactionHash: Hash;
  readonly stage: Stage;
  readonly signedOrder: SignedOrder;
  readonly commitCertificate?: CommitCertificate;
  readonly settlement?: SettlementReference;
}

export function paymentToProto(payment: PaymentView): types.Payment {
  return create(types.PaymentSchema, {
    transactionHash: bytesOf(payment.transactionHash),
    stage: stageToProto(payment.stage),
    signedOrder: signedOrderToProto(payment.signedOrder),
    ...(payment.commitCertificate ? { commitCertificate: certificateToProto(payment.commitCertificate) } : {}),
    ...(payment.settlement ? { settlement: settlementToProto(payment.settlement) } : {}),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function paymentFromProto(message: types.Payment | undefined, at = 'payment'): PaymentView {
  const { transactionHash, stage, signedOrder, commitCertificate, settlement } = requiredField(message, at);
  return {
    transactionHash: hashField(transactionHash, `${at}.transaction_hash`),
    stage: stageFromProto(stage, `${at}.stage`),
    signedOrder: signedOrderFromProto(signedOrder, `${at}.signed_order`),
    ...(commitCertificate
      ? { commitCertificate: commitCertificateFromProto(commitCertificate, `${at}.commit_certificate`) }
      : {}),
    ...(settlement ? { settlement: settlementFromProto(settlement, `${at}.settlement`) } : {}),
  };
}

/** What a relay knows of one payment; everything is optional but the counts. */
export interface PaymentStatus {
  /** Absent while nothing is known. */
  readonly stage?: Stage;
  readonly signedOrder?: SignedOrder;
  readonly voteCount: number;
  readonly commitCount: number;
  readonly quorumCertificate?: QuorumCertificate;
  readonly commitCertificate?: CommitCertificate;
  readonly settlement?: SettlementReference;
}

export function paymentStatusToProto(status: PaymentStatus): relay.GetPaymentStatusResponse {
  return create(relay.GetPaymentStatusResponseSchema, {
    voteCount: status.voteCount,
    commitCount: status.commitCount,
    ...(status.stage ? { stage: stageToProto(status.stage) } : {}),
    ...(status.signedOrder ? { signedOrder: signedOrderToProto(status.signedOrder) } : {}),
    ...(status.quorumCertificate ? { quorumCertificate: certificateToProto(status.quorumCertificate) } : {}),
    ...(status.commitCertificate ? { commitCertificate: certificateToProto(status.commitCertificate) } : {}),
    ...(status.settlement ? { settlement: settlementToProto(status.settlement) } : {}),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function paymentStatusFromProto(message: relay.GetPaymentStatusResponse): PaymentStatus {
  const stage = optionalStageFromProto(message.stage);
  return {
    voteCount: indexField(message.voteCount, limits.committeeSize + 1, 'vote_count'),
    commitCount: indexField(message.commitCount, limits.committeeSize + 1, 'commit_count'),
    ...(stage ? { stage } : {}),
    ...(message.signedOrder ? { signedOrder: signedOrderFromProto(message.signedOrder) } : {}),
    ...(message.quorumCertificate ? { quorumCertificate: quorumCertificateFromProto(message.quorumCertificate) } : {}),
    ...(message.commitCertificate ? { commitCertificate: commitCertificateFromProto(message.commitCertificate) } : {}),
    ...(message.settlement ? { settlement: settlementFromProto(message.settlement) } : {}),
  };
}

export type PaymentEvidence =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  | { readonly type: 'quorum'; readonly certificate: QuorumCertificate }
  | { readonly type: 'paid'; readonly certificate: CommitCertificate }
  | { readonly type: 'settlement'; readonly settlement: SettlementReference };

/** One step of a payment as one validator streams it. */
export interface PaymentStep {
  readonly stage: Stage;
  /** The validator's clock. */
  readonly unixMillis: bigint;
  readonly transactionHash: Hash;
  readonly evidence?: PaymentEvidence;
}

export function paymentStepToProto(step: PaymentStep): pb.StreamPaymentResponse {
  return create(pb.StreamPaymentResponseSchema, {
    stage: stageToProto(step.stage),
    unixMillis: step.unixMillis,
    transactionHash: bytesOf(step.transactionHash),
    ...(step.evidence ? { evidence: evidenceToProto(step.evidence) } : {}),
  });
}

function evidenceToProto(evidence: PaymentEvidence): pb.StreamPaymentResponse['evidence'] {
  switch (evidence.type) {
    case 'vote':
      return { case: 'vote', value: voteToProto(evidence.vote) };
    case 'quorum':
      return { case: 'quorumCertificate', value: certificateToProto(evidence.certificate) };
    case 'paid':
      return { case: 'commitCertificate', value: certificateToProto(evidence.certificate) };
    case 'settlement':
      return { case: 'settlement', value: settlementToProto(evidence.settlement) };
  }
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. Signatures are still to be verified. */
export function paymentStepFromProto(message: pb.StreamPaymentResponse): PaymentStep {
  const evidence = evidenceFromProto(message.evidence);
  return {
    stage: stageFromProto(message.stage),
    unixMillis: u64Field(message.unixMillis, 'unix_millis'),
    transactionHash: hashField(message.transactionHash, 'transaction_hash'),
    ...(evidence ? { evidence } : {}),
  };
}

function evidenceFromProto(evidence: pb.StreamPaymentResponse['evidence']): PaymentEvidence | undefined {
  switch (evidence.case) {
    case 'vote':
      return { type: 'vote', vote: voteFromProto(evidence.value) };
    case 'quorumCertificate':
      return { type: 'quorum', certificate: quorumCertificateFromProto(evidence.value) };
    case 'commitCertificate':
      return { type: 'paid', certificate: commitCertificateFromProto(evidence.value) };
    case 'settlement':
      return { type: 'settlement', settlement: settlementFromProto(evidence.value) };
    case undefined:
      return undefined;
  }
}
