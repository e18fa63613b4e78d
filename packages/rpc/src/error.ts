import { Code, ConnectError } from '@connectrpc/connect';
import { type RejectCode, RejectError } from '@fastpay/protocol';
import { RejectSchema } from './gen/fastpay/v1/types_pb.ts';
import { rejectFromProto, rejectToProto } from './reject.ts';

/** The Connect (and gRPC) status that goes with each reject code, for clients that look no further. */
const connectCodes: Record<RejectCode, Code> = {
  INVALID_FORMAT: Code.InvalidArgument,
  INVALID_SIGNATURE: Code.InvalidArgument,
  INVALID_CERTIFICATE: Code.InvalidArgument,
  NOT_PAYMENT: Code.InvalidArgument,
  WRONG_CHAIN: Code.InvalidArgument,
  EXPIRED: Code.FailedPrecondition,
  FEE_TOO_LOW: Code.FailedPrecondition,
  INSUFFICIENT_FUNDS: Code.FailedPrecondition,
  MISSING_PARENT: Code.FailedPrecondition,
  MISSING_PREDECESSOR: Code.FailedPrecondition,
  EXITING: Code.FailedPrecondition,
  SEQUENCE_TOO_HIGH: Code.FailedPrecondition,
  SEQUENCE_TOO_LOW: Code.AlreadyExists,
  EQUIVOCATION: Code.Aborted,
  STALE_ROUND: Code.Aborted,
  RATE_LIMITED: Code.ResourceExhausted,
  NOT_SPONSORED: Code.FailedPrecondition,
  STALE_CHAIN: Code.Unavailable,
  TEMPORARILY_UNAVAILABLE: Code.Unavailable,
};

/** The refusal as it travels: a Connect status with the Reject message as its detail. */
export function toConnectError(error: RejectError): ConnectError {
  return new ConnectError(
    error.message,
    connectCodes[error.code],
    undefined,
    [{ desc: RejectSchema, value: rejectToProto(error) }],
    error,
  );
}

/**
 * Turns whatever a call threw into a refusal. Without a readable Reject detail nothing definite is known, so it
 * becomes TEMPORARILY_UNAVAILABLE; the original stays in `cause`.
 */
export function rejectFromError(error: unknown): RejectError {
  if (error instanceof RejectError) return error;
  const connectError = ConnectError.from(error);
  const [detail] = connectError.findDetails(RejectSchema);
  if (detail) {
    try {
      const { code, message, facts } = rejectFromProto(detail);
      return new RejectError(code, message, facts, { cause: error });
    } catch (problem) {
      if (!(problem instanceof RejectError)) throw problem;
      return unavailable('the refusal cannot be read', error);
    }
  }
  return unavailable(plainMessage(connectError.code), error);
}

function plainMessage(code: Code): string {
  switch (code) {
    case Code.DeadlineExceeded:
      return 'no answer in time';
    case Code.Canceled:
      return 'the request was cancelled';
    case Code.ResourceExhausted:
      return 'the other side is busy, or the message is too large for it';
    case Code.Unimplemented:
      return 'the other side does not know this call';
    case Code.InvalidArgument:
    case Code.Internal:
    case Code.DataLoss:
      return 'the other side failed, or its answer cannot be read';
    default:
      return 'the other side cannot be reached';
  }
}

function unavailable(message: string, cause: unknown): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', message, {}, { cause });
}
