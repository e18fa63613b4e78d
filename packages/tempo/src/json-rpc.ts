import { TempoError } from './errors.ts';
import { tempoLimits } from './limits.ts';

/** One JSON-RPC connection. Runs in browsers and in Node. */
export interface JsonRpc {
  /**
   * The `result` member of the answer, unchecked.
   * @throws TempoError TIMEOUT, UNREACHABLE, REFUSED or BAD_ANSWER.
   */
  request(method: string, params: readonly unknown[]): Promise<unknown>;
}

export interface JsonRpcOptions {
  readonly url: string;
  /** For the whole call; `tempoLimits.requestTimeoutMs` unless given. */
  readonly timeoutMs?: number;
  /** For one answer; `tempoLimits.answerBytes` unless given. */
  readonly maxAnswerBytes?: number;
}

export interface PostRequest {
  readonly method: string;
  readonly body: string;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** Sends a body and gives the answer's text. @throws TempoError TIMEOUT, UNREACHABLE, or BAD_ANSWER when it is too large. */
export type Post = (request: PostRequest) => Promise<string>;

export interface JsonRpcDependencies {
  readonly fetch?: typeof globalThis.fetch;
  /** In the place of `fetch`. */
  readonly post?: Post;
}

/** JSON-RPC 2.0 over HTTP POST, one request a call, bounded in time and size. */
export function createJsonRpc(options: JsonRpcOptions, dependencies: JsonRpcDependencies = {}): JsonRpc {
  const { url, timeoutMs = tempoLimits.requestTimeoutMs, maxAnswerBytes = tempoLimits.answerBytes } = options;
  // Called as a method of nothing: browsers refuse `fetch` with another `this`.
  const fetch = dependencies.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const post = dependencies.post ?? postByFetch;
  let lastId = 0;

  return {
    async request(method, params) {
      lastId += 1;
      const id = lastId;
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      const text = await post({ method, body, timeoutMs, maxAnswerBytes });
      return resultOf(method, id, text);
    },
  };

  async function postByFetch({ method, body }: PostRequest): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal,
        credentials: 'omit',
      });
      // Proxies answer JSON-RPC errors with 4xx and a JSON body; anything else is judged by its status.
      const text = await readBounded(response, method, maxAnswerBytes);
      if (!response.ok && !text.startsWith('{')) {
        throw new TempoError('UNREACHABLE', `${method}: the server answered with HTTP status ${response.status}`);
      }
      return text;
    } catch (error) {
      if (error instanceof TempoError) throw error;
      throw connectionError(error, method, signal.aborted ? timeoutMs : undefined);
    }
  }
}

export function connectionError(cause: unknown, method: string, timedOutMs: number | undefined): TempoError {
  if (timedOutMs === undefined) {
    return new TempoError('UNREACHABLE', `${method}: the node cannot be reached`, {}, { cause });
  }
  return new TempoError('TIMEOUT', `${method}: no answer within ${timedOutMs} ms`, {}, { cause });
}

async function readBounded(response: Response, method: string, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new TempoError('BAD_ANSWER', `${method}: the answer is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function resultOf(method: string, id: number, text: string): unknown {
  const answer = parseObject(text);
  if (!answer) throw new TempoError('BAD_ANSWER', `${method}: the answer is not JSON-RPC`);
  if (isObject(answer.error)) {
    throw refusal(method, answer.error);
  }
  if (answer.id !== id || !('result' in answer)) {
    throw new TempoError('BAD_ANSWER', `${method}: the answer is to another question`);
  }
  return answer.result;
}

/** A node that makes a block while it answers for the latest one. */
const NEWEST_BLOCK_CHANGED = /BlockOutOfRange/;

function refusal(method: string, { code, message }: Record<string, unknown>): TempoError {
  const reason = typeof message === 'string' ? message : 'no reason given';
  const kind = NEWEST_BLOCK_CHANGED.test(reason) ? 'REORGANIZED' : 'REFUSED';
  return new TempoError(kind, `${method}: ${reason}`, typeof code === 'number' ? { rpcCode: code } : {});
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
