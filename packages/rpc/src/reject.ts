import { create } from '@bufbuild/protobuf';
import {
  bytesOf,
  decodeCommitCertificate,
  decodeSignedOrder,
  encodeCertificate,
  encodeSignedOrder,
  isRejectCode,
  limits,
  RejectError,
  type RejectFacts,
  toHash,
} from '@fastpay/protocol';
import { certificateToProto, commitCertificateFromProto } from './certificate.ts';
import {
  hashField,
  invalidField,
  listField,
  numberField,
  requiredField,
  signedDecimalField,
  u64Field,
} from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';
import { signedOrderFromProto, signedOrderToProto } from './order.ts';

/** Messages are for people; longer ones are cut. */
const MAX_MESSAGE_LENGTH = 500;
/** Longest wait that a sender may ask for: one day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

export function rejectToProto(error: RejectError): pb.Reject {
  const { facts } = error;
  return create(pb.RejectSchema, {
    code: error.code,
    message: error.message.slice(0, MAX_MESSAGE_LENGTH),
    money: error.money,
    action: error.action,
    retryable: error.retryable,
    missingParents: (facts.missingParents ?? []).map((parent) => bytesOf(toHash(parent))),
    ...(facts.expectedSequence === undefined ? {} : { expectedSequence: facts.expectedSequence }),
    ...(facts.balance === undefined ? {} : { balance: facts.balance.toString() }),
    ...(facts.requiredFee === undefined ? {} : { requiredFee: facts.requiredFee }),
    ...(facts.promisedRound === undefined ? {} : { promisedRound: BigInt(facts.promisedRound) }),
    ...(facts.storedOrder ? { storedOrder: signedOrderToProto(decodeSignedOrder(facts.storedOrder)) } : {}),
    ...(facts.commitCertificate
      ? { commitCertificate: certificateToProto(decodeCommitCertificate(facts.commitCertificate)) }
      : {}),
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: BigInt(Math.ceil(facts.retryAfterMs)) }),
  });
}

/**
 * What the code means for the money is this side's own text, never the sender's.
 * @throws RejectError INVALID_FORMAT for an unknown code or a malformed fact.
 */
export function rejectFromProto(message: pb.Reject | undefined, at = 'reject'): RejectError {
  const reject = requiredField(message, at);
  if (!isRejectCode(reject.code)) throw invalidField(`${at}.code`, 'is not a known reject code');
  return new RejectError(reject.code, reject.message.slice(0, MAX_MESSAGE_LENGTH), factsFromProto(reject, at));
}

function factsFromProto(reject: pb.Reject, at: string): RejectFacts {
  const missingParents = listField(reject.missingParents, limits.parents, `${at}.missing_parents`);
  return {
    ...(reject.expectedSequence === undefined
      ? {}
      : { expectedSequence: u64Field(reject.expectedSequence, `${at}.expected_sequence`) }),
    ...(reject.balance === undefined ? {} : { balance: signedDecimalField(reject.balance, `${at}.balance`) }),
    ...(reject.requiredFee === undefined ? {} : { requiredFee: u64Field(reject.requiredFee, `${at}.required_fee`) }),
    ...(reject.promisedRound === undefined
      ? {}
      : { promisedRound: numberField(reject.promisedRound, limits.maxRound, `${at}.promised_round`) }),
    ...(missingParents.length > 0
      ? { missingParents: missingParents.map((parent, index) => hashField(parent, `${at}.missing_parents[${index}]`)) }
      : {}),
    ...(reject.storedOrder
      ? { storedOrder: encodeSignedOrder(signedOrderFromProto(reject.storedOrder, `${at}.stored_order`)) }
      : {}),
    ...(reject.commitCertificate
      ? {
          commitCertificate: encodeCertificate(
            commitCertificateFromProto(reject.commitCertificate, `${at}.commit_certificate`),
          ),
        }
      : {}),
    ...(reject.retryAfterMs === undefined
      ? {}
      : { retryAfterMs: numberField(reject.retryAfterMs, MAX_RETRY_AFTER_MS, `${at}.retry_after_ms`) }),
  };
}
