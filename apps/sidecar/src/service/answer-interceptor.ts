import { randomUUID } from 'node:crypto';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { RejectError } from '@fastpay/protocol';
import { toConnectError } from '@fastpay/rpc';
import { StoreCorruptionError } from '@fastpay/validator';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Fatal } from '../process/fatal.ts';
import { type Call, callKey } from './call.ts';

export interface AnswerDependencies {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'rejects'>;
  readonly fatal: Fatal;
}

/**
 * The one boundary where what a method threw becomes what a client sees: refusals travel with their facts; anything
 * unexpected is logged under a fresh error id, and the client gets the id and nothing else.
 */
export function createAnswerInterceptor(dependencies: AnswerDependencies): Interceptor {
  return (next) => async (request) => {
    const call = request.contextValues.get(callKey);
    const fail = (error: unknown) => convert(error, { call, method: request.method.name }, dependencies);
    try {
      const response = await next(request);
      if (response.stream) return { ...response, message: withErrors(response.message, call, fail) };
      call.outcome = 'ok';
      return response;
    } catch (error) {
      throw fail(error);
    }
  };
}

async function* withErrors<Message>(
  messages: AsyncIterable<Message>,
  call: Call,
  fail: (error: unknown) => ConnectError,
): AsyncIterable<Message> {
  // A client that leaves ends the iteration at a yield, without an error.
  call.outcome = 'canceled';
  try {
    yield* messages;
    call.outcome = 'ok';
  } catch (error) {
    throw fail(error);
  }
}

function convert(
  error: unknown,
  { call, method }: { readonly call: Call; readonly method: string },
  { log, metrics, fatal }: AnswerDependencies,
): ConnectError {
  // No later answer could be trusted: the process ends before this one leaves.
  if (error instanceof StoreCorruptionError) return fatal('the store is corrupt', error);
  const { requestId } = call;
  if (error instanceof RejectError) {
    call.outcome = error.code;
    metrics.rejects.inc({ code: error.code });
    log.debug({ requestId, method, code: error.code, reason: error.message }, 'refused');
    return toConnectError(error);
  }
  if (error instanceof ConnectError && error.code !== Code.Internal && error.code !== Code.Unknown) {
    call.outcome = Code[error.code].toLowerCase();
    return error;
  }
  const errorId = randomUUID();
  call.outcome = 'internal';
  log.error({ requestId, method, errorId, err: error }, 'unexpected error');
  return new ConnectError(`internal error ${errorId}`, Code.Internal);
}
