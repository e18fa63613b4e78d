import { create } from '@bufbuild/protobuf';
import type { CommitCertificate, QuorumCertificate, SignedBallot, SignedOrder } from '@fastpay/protocol';
import { commitFromProto, commitToProto } from './ballot.ts';
import {
  attachmentsFromProto,
  certificateToProto,
  commitCertificateFromProto,
  quorumCertificateFromProto,
} from './certificate.ts';
import { invalidField } from './fields.ts';
import * as relay from './gen/fastpay/v1/relay_pb.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';
import { voteOrResolvedFromProto, voteOrResolvedToProto } from './vote-answer.ts';

/** An order with the certificates that fund it, as both a validator and a relay take it. */
export interface OrderSubmission {
  readonly signedOrder: SignedOrder;
  readonly attachments: readonly CommitCertificate[];
}

export interface QuorumSubmission {
  readonly certificate: QuorumCertificate;
  readonly attachments: readonly CommitCertificate[];
}

export type VoteAnswer =
  | { readonly type: 'vote'; readonly vote: SignedBallot }
  /** The slot already holds this very order. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type CommitAnswer =
  | { readonly type: 'commit'; readonly commit: SignedBallot }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

function orderSubmissionToInit({ signedOrder, attachments }: OrderSubmission) {
  return { signedOrder: signedOrderToProto(signedOrder), attachments: attachments.map(certificateToProto) };
}

export function submitOrderRequestToProto(submission: OrderSubmission): pb.SubmitOrderRequest {
  return create(pb.SubmitOrderRequestSchema, orderSubmissionToInit(submission));
}

export function submitPaymentRequestToProto(submission: OrderSubmission): relay.SubmitPaymentRequest {
  return create(relay.SubmitPaymentRequestSchema, orderSubmissionToInit(submission));
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function orderSubmissionFromProto(message: pb.SubmitOrderRequest | relay.SubmitPaymentRequest): OrderSubmission {
  return {
    signedOrder: signedOrderFromProto(message.signedOrder),
    attachments: attachmentsFromProto(message.attachments),
  };
}

export function quorumSubmissionToProto(submission: QuorumSubmission): pb.SubmitQuorumCertificateRequest {
  return create(pb.SubmitQuorumCertificateRequestSchema, {
    quorumCertificate: certificateToProto(submission.certificate),
    attachments: submission.attachments.map(certificateToProto),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function quorumSubmissionFromProto(message: pb.SubmitQuorumCertificateRequest): QuorumSubmission {
  return {
    certificate: quorumCertificateFromProto(message.quorumCertificate),
    attachments: attachmentsFromProto(message.attachments),
  };
}

export function voteAnswerToProto(answer: VoteAnswer): pb.SubmitOrderResponse {
  return create(pb.SubmitOrderResponseSchema, { answer: voteOrResolvedToProto(answer) });
}

/** @throws RejectError INVALID_FORMAT. Signatures are still to be verified. */
export function voteAnswerFromProto({ answer }: pb.SubmitOrderResponse): VoteAnswer {
  return voteOrResolvedFromProto(answer);
}

export function commitAnswerToProto(answer: CommitAnswer): pb.SubmitQuorumCertificateResponse {
  return create(pb.SubmitQuorumCertificateResponseSchema, {
    answer:
      answer.type === 'commit'
        ? { case: 'commit', value: commitToProto(answer.commit) }
        : { case: 'commitCertificate', value: certificateToProto(answer.certificate) },
  });
}

/** @throws RejectError INVALID_FORMAT. Signatures are still to be verified. */
export function commitAnswerFromProto({ answer }: pb.SubmitQuorumCertificateResponse): CommitAnswer {
  switch (answer.case) {
    case 'commit':
      return { type: 'commit', commit: commitFromProto(answer.value) };
    case 'commitCertificate':
      return { type: 'resolved', certificate: commitCertificateFromProto(answer.value) };
    case undefined:
      throw invalidField('answer', 'is missing');
  }
}
