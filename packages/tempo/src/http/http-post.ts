import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TempoError } from '../errors.ts';
import { connectionError, type Post } from '../json-rpc.ts';

/** Connections kept open to one node. */
const MAX_SOCKETS = 8;

/**
 * POST over Node's own HTTP client with connections that are kept: a third of the processor time of `fetch`, whose
 * streams and signals are made anew for every call. For whoever asks a node several times a second.
 */
export function createHttpPost(url: string): Post {
  const isSecure = url.startsWith('https:');
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const request = isSecure ? httpsRequest : httpRequest;

  return ({ method, body, timeoutMs, maxAnswerBytes }) =>
    new Promise((resolve, reject) => {
      let isTimedOut = false;
      const fail = (error: unknown) => {
        clearTimeout(timer);
        reject(
          error instanceof TempoError ? error : connectionError(error, method, isTimedOut ? timeoutMs : undefined),
        );
      };
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = request(url, { method: 'POST', agent, headers }, (response) => {
        readBounded(response, method, maxAnswerBytes).then((text) => {
          clearTimeout(timer);
          if (isAnswer(response, text)) resolve(text);
          else
            fail(
              new TempoError('UNREACHABLE', `${method}: the server answered with HTTP status ${response.statusCode}`),
            );
        }, fail);
      });
      const timer = setTimeout(() => {
        isTimedOut = true;
        call.destroy();
      }, timeoutMs);
      call.on('error', fail);
      call.end(body);
    });
}

/** Proxies answer JSON-RPC errors with 4xx and a JSON body; anything else is judged by its status. */
function isAnswer({ statusCode = 0 }: IncomingMessage, text: string): boolean {
  return (statusCode >= 200 && statusCode < 300) || text.startsWith('{');
}

function readBounded(response: IncomingMessage, method: string, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) {
        response.destroy(new TempoError('BAD_ANSWER', `${method}: the answer is larger than ${maxBytes} bytes`));
      } else parts.push(part);
    });
    response.on('end', () => resolve(Buffer.concat(parts).toString()));
    response.on('error', reject);
    response.on('close', () => reject(new Error('the connection was closed in the middle of the answer')));
  });
}
