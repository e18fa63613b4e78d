import { constants } from 'node:http2';
import { type ConnectRouter, createConnectRouter, createContextValues } from '@connectrpc/connect';
import { createAsyncIterable, type UniversalHandler } from '@connectrpc/connect/protocol';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { limits, RejectError } from '@fastpay/protocol';
import { toConnectError } from '@fastpay/rpc';
import type { Gate } from '../limits/admission.ts';
import { remoteKey } from '../limits/remote-key.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Fatal } from '../process/fatal.ts';
import { createAnswerInterceptor } from '../service/answer-interceptor.ts';
import { type Call, callKey } from '../service/call.ts';
import { assertReadable, readBody } from './body.ts';
import { serverLimits } from './limits.ts';
import type { Request, Response } from './listener.ts';

export interface RpcRoutesDependencies {
  /** Registers the services. */
  readonly routes: (router: ConnectRouter) => void;
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly fatal: Fatal;
  /** Aborted when the process stops: ends every stream. */
  readonly shutdownSignal: AbortSignal;
  readonly nowMs: () => number;
  /** Time that one unary answer may take to leave, milliseconds. */
  readonly answerTimeoutMs?: number;
}

/** Answers a request to an RPC path in whichever of the three protocols it speaks; false for any other path. */
export type RpcRoutes = (request: Request, response: Response, requestId: string) => boolean;

export function createRpcRoutes(dependencies: RpcRoutesDependencies): RpcRoutes {
  const { gate, metrics, log, shutdownSignal, nowMs, answerTimeoutMs = serverLimits.answerTimeoutMs } = dependencies;
  const router = createConnectRouter({
    readMaxBytes: limits.requestBytes,
    // Hashes and signatures do not shrink; without decompression no small request can become a large one.
    acceptCompression: [],
    shutdownSignal,
    interceptors: [createAnswerInterceptor({ log, metrics, fatal: dependencies.fatal })],
    requestGate: (context) => {
      const { refusal } = context.values.get(callKey);
      if (refusal) throw toConnectError(refusal);
    },
  });
  dependencies.routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response, requestId) => {
    const handler = handlers.get((request.url ?? '').split('?', 1)[0] ?? '');
    if (!handler) return false;
    const isStream = handler.method.methodKind !== 'unary';
    const remote = remoteKey(request.socket.remoteAddress);
    const { refusal, release } = gate.admit(isStream ? 'stream' : 'unary', remote);
    const call: Call = { requestId, remote, ...(refusal ? { refusal, outcome: refusal.code } : {}) };
    const startedMs = nowMs();
    const timer = isStream ? undefined : setTimeout(() => cut(response), answerTimeoutMs);
    response.once('close', () => {
      clearTimeout(timer);
      release();
      const method = handler.method.name;
      const { outcome = 'malformed' } = call;
      const tookMs = nowMs() - startedMs;
      metrics.requests.inc({ method, outcome });
      if (!isStream) metrics.requestSeconds.observe({ method }, tookMs / 1_000);
      log.debug({ requestId, method, outcome, remote, tookMs }, 'answered');
    });
    answer(handler, { request, response, call }).catch((error: unknown) => {
      // The caller went away, or sent what no URL can be made of: nothing is left to say to it.
      log.debug({ requestId, method: handler.method.name, err: error }, 'answer not delivered');
      cut(response);
    });
    return true;
  };
}

async function answer(
  handler: UniversalHandler,
  { request, response, call }: { readonly request: Request; readonly response: Response; readonly call: Call },
): Promise<void> {
  const values = createContextValues().set(callKey, call);
  const universal = universalRequestFromNodeRequest(request, response, undefined, values);
  const body = call.refusal ? new Uint8Array() : await bodyOf(request, handler, call);
  const answered = await handler({ ...universal, body: createAsyncIterable([body]) });
  await universalResponseToNodeResponse(answered, response);
}

/** The body, or nothing when it is refused: the refusal is then given where Connect asks whether to go on. */
async function bodyOf(request: Request, handler: UniversalHandler, call: Call): Promise<Uint8Array> {
  try {
    const body = await readBody(request);
    assertReadable(body, handler, request);
    return body;
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    call.refusal = error;
    call.outcome = error.code;
    return new Uint8Array();
  }
}

function cut(response: Response): void {
  if (response.writableFinished) return;
  // Without a reason clients of HTTP/2 would go on waiting for the answer.
  if ('stream' in response) response.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}
