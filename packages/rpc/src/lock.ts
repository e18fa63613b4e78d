import { create } from '@bufbuild/protobuf';
import { bytesOf, type Lock, limits } from '@fastpay/protocol';
import { hashField, numberField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

export function lockToProto({ epoch, round, value }: Lock): pb.Lock {
  return create(pb.LockSchema, { epoch, round: BigInt(round), value: bytesOf(value) });
}

/** @throws RejectError INVALID_FORMAT. */
export function lockFromProto(message: pb.Lock | undefined, at = 'lock'): Lock {
  const { epoch, round, value } = requiredField(message, at);
  return {
    epoch: u64Field(epoch, `${at}.epoch`),
    round: numberField(round, limits.maxRound, `${at}.round`),
    value: hashField(value, `${at}.value`),
  };
}
