import { voteFromProto, voteToProto } from './ballot.ts';
import { certificateToProto, commitCertificateFromProto } from './certificate.ts';
import { invalidField } from './fields.ts';
import type * as pb from './gen/fastpay/v1/validator_pb.ts';
import type { VoteAnswer } from './submission.ts';

/** The answer that rounds of every number share. */
export function voteOrResolvedToProto(answer: VoteAnswer): pb.SubmitOrderResponse['answer'] {
  return answer.type === 'vote'
    ? { case: 'vote', value: voteToProto(answer.vote) }
    : { case: 'commitCertificate', value: certificateToProto(answer.certificate) };
}

/** @throws RejectError INVALID_FORMAT. */
export function voteOrResolvedFromProto(answer: pb.SubmitOrderResponse['answer']): VoteAnswer {
  switch (answer.case) {
    case 'vote':
      return { type: 'vote', vote: voteFromProto(answer.value) };
    case 'commitCertificate':
      return { type: 'resolved', certificate: commitCertificateFromProto(answer.value) };
    case undefined:
      throw invalidField('answer', 'is missing');
  }
}
