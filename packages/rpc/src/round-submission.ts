import { create } from '@bufbuild/protobuf';
import {
  type CommitCertificate,
  limits,
  type ProvenPromise,
  type RoundProposal,
  type SignedNewRound,
} from '@fastpay/protocol';
import { attachmentsFromProto, certificateToProto, commitCertificateFromProto } from './certificate.ts';
import { invalidField, listField } from './fields.ts';
import * as relay from './gen/fastpay/v1/relay_pb.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';
import { type ValidatorFailure, validatorFailureFromProto, validatorFailureToProto } from './relay-event.ts';
import {
  newRoundFromProto,
  newRoundToProto,
  provenPromiseFromProto,
  provenPromiseToProto,
  roundProposalFromProto,
  roundProposalToProto,
} from './round.ts';
import type { VoteAnswer } from './submission.ts';
import { voteOrResolvedFromProto, voteOrResolvedToProto } from './vote-answer.ts';

/** A call to open a round, as both a validator and a relay take it. */
export interface RoundSubmission {
  readonly newRound: SignedNewRound;
  readonly attachments: readonly CommitCertificate[];
}

/** A proposal in a higher round, as both a validator and a relay take it. */
export interface ProposalSubmission extends RoundProposal {
  readonly attachments: readonly CommitCertificate[];
}

export type PromiseAnswer =
  | { readonly type: 'promise'; readonly proven: ProvenPromise }
  /** The slot is resolved. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

/** What a relay collected for a round; nothing in it is believed before it is verified (§7 rule 4). */
export interface CollectedPromises {
  readonly promises: readonly ProvenPromise[];
  readonly failures: readonly ValidatorFailure[];
  /** The slot turned out to be resolved. */
  readonly certificate?: CommitCertificate;
}

function roundSubmissionToInit({ newRound, attachments }: RoundSubmission) {
  return { newRound: newRoundToProto(newRound), attachments: attachments.map(certificateToProto) };
}

export function openRoundRequestToProto(submission: RoundSubmission): pb.OpenRoundRequest {
  return create(pb.OpenRoundRequestSchema, roundSubmissionToInit(submission));
}

export function collectPromisesRequestToProto(submission: RoundSubmission): relay.CollectPromisesRequest {
  return create(relay.CollectPromisesRequestSchema, roundSubmissionToInit(submission));
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function roundSubmissionFromProto(message: pb.OpenRoundRequest | relay.CollectPromisesRequest): RoundSubmission {
  return { newRound: newRoundFromProto(message.newRound), attachments: attachmentsFromProto(message.attachments) };
}

function proposalSubmissionToInit({ attachments, ...proposal }: ProposalSubmission) {
  return { proposal: roundProposalToProto(proposal), attachments: attachments.map(certificateToProto) };
}

export function submitProposalRequestToProto(submission: ProposalSubmission): pb.SubmitProposalRequest {
  return create(pb.SubmitProposalRequestSchema, proposalSubmissionToInit(submission));
}

export function submitRoundProposalRequestToProto(submission: ProposalSubmission): relay.SubmitRoundProposalRequest {
  return create(relay.SubmitRoundProposalRequestSchema, proposalSubmissionToInit(submission));
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. */
export function proposalSubmissionFromProto(
  message: pb.SubmitProposalRequest | relay.SubmitRoundProposalRequest,
): ProposalSubmission {
  return { ...roundProposalFromProto(message.proposal), attachments: attachmentsFromProto(message.attachments) };
}

export function promiseAnswerToProto(answer: PromiseAnswer): pb.OpenRoundResponse {
  return create(pb.OpenRoundResponseSchema, {
    answer:
      answer.type === 'promise'
        ? { case: 'promise', value: provenPromiseToProto(answer.proven) }
        : { case: 'commitCertificate', value: certificateToProto(answer.certificate) },
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. Signatures are still to be verified. */
export function promiseAnswerFromProto({ answer }: pb.OpenRoundResponse): PromiseAnswer {
  switch (answer.case) {
    case 'promise':
      return { type: 'promise', proven: provenPromiseFromProto(answer.value) };
    case 'commitCertificate':
      return { type: 'resolved', certificate: commitCertificateFromProto(answer.value) };
    case undefined:
      throw invalidField('answer', 'is missing');
  }
}

export function roundVoteAnswerToProto(answer: VoteAnswer): pb.SubmitProposalResponse {
  return create(pb.SubmitProposalResponseSchema, { answer: voteOrResolvedToProto(answer) });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. Signatures are still to be verified. */
export function roundVoteAnswerFromProto({ answer }: pb.SubmitProposalResponse): VoteAnswer {
  return voteOrResolvedFromProto(answer);
}

export function collectedPromisesToProto(collected: CollectedPromises): relay.CollectPromisesResponse {
  return create(relay.CollectPromisesResponseSchema, {
    promises: collected.promises.map(provenPromiseToProto),
    failures: collected.failures.map(validatorFailureToProto),
    ...(collected.certificate ? { commitCertificate: certificateToProto(collected.certificate) } : {}),
  });
}

/** @throws RejectError NOT_PAYMENT, INVALID_FORMAT. Signatures are still to be verified. */
export function collectedPromisesFromProto(message: relay.CollectPromisesResponse): CollectedPromises {
  return {
    promises: listField(message.promises, limits.committeeSize, 'promises').map((promise, index) =>
      provenPromiseFromProto(promise, `promises[${index}]`),
    ),
    failures: listField(message.failures, limits.committeeSize, 'failures').map((failure, index) =>
      validatorFailureFromProto(failure, `failures[${index}]`),
    ),
    ...(message.commitCertificate ? { certificate: commitCertificateFromProto(message.commitCertificate) } : {}),
  };
}
