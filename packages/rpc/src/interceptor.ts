import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { RejectError } from '@fastpay/protocol';
import { isCallerGone } from './caller-gone.ts';
import { toConnectError } from './error.ts';

/**
 * For servers: refusals thrown by a handler, also in the middle of a stream, leave as Connect errors with a Reject
 * detail. Everything else is handed to `onUnexpected` (to be logged) and reaches the caller as a bare internal error.
 */
export function createRejectInterceptor(onUnexpected: (error: unknown) => void): Interceptor {
  const convert = (error: unknown): unknown => {
    if (error instanceof RejectError) return toConnectError(error);
    if (isCallerGone(error)) return ConnectError.from(error, Code.Canceled);
    if (!(error instanceof ConnectError)) onUnexpected(error);
    return error;
  };
  return (next) => async (request) => {
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: convertErrors(response.message, convert) } : response;
    } catch (error) {
      throw convert(error);
    }
  };
}

async function* convertErrors<Message>(
  messages: AsyncIterable<Message>,
  convert: (error: unknown) => unknown,
): AsyncIterable<Message> {
  try {
    yield* messages;
  } catch (error) {
    throw convert(error);
  }
}
