import type { ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { codeFromHttpStatus, errorFromJsonBytes, protocolVersion } from '@connectrpc/connect/protocol-connect';
import type { Http2SessionManager } from '@connectrpc/connect-node';

interface UnaryOptions {
  readonly session: Http2SessionManager;
  /** A longer answer is cut off. Bytes. */
  readonly answerBytes: number;
}

const PROTO = 'application/proto';

/**
 * Unary calls of the Connect protocol (connectrpc.com/docs/protocol), binary and uncompressed, straight over HTTP/2:
 * the relay makes three of them for each payment and validator, and the general client costs three times the CPU
 * (ADR 006). Streams go through `streams`. Fails with ConnectError.
 */
export function unaryOverHttp2({ session, answerBytes }: UnaryOptions, streams: Pick<Transport, 'stream'>): Transport {
  return {
    stream: streams.stream.bind(streams),
    async unary(method, signal, timeoutMs, _header, input) {
      const body = toBinary(method.input, create(method.input, input));
      const path = `/${method.parent.typeName}/${method.name}`;
      const { headers, bytes } = await exchange({ session, path, body, answerBytes, signal, timeoutMs });
      const message = fromBinary(method.output, checkedBody(headers, bytes));
      const { parent: service } = method;
      return { stream: false, service, method, header: new Headers(), trailer: new Headers(), message };
    },
  };
}

interface Exchange extends UnaryOptions {
  readonly path: string;
  readonly body: Uint8Array;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeoutMs: number | undefined;
}

type AnswerHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

interface Answered {
  readonly headers: AnswerHeaders;
  readonly bytes: Uint8Array;
}

function exchange({ session, path, body, answerBytes, signal, timeoutMs }: Exchange): Promise<Answered> {
  return new Promise((resolve, reject) => {
    let stream: ClientHttp2Stream | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const finish = () => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: unknown, code: Code = Code.Unavailable) => {
      if (isOver) return;
      finish();
      reject(ConnectError.from(error, code));
      stream?.close(CANCEL);
    };
    const abort = () => fail('the caller is gone', Code.Canceled);
    const expire = () => fail('no answer in time', Code.DeadlineExceeded);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    if (timeoutMs !== undefined) timer = setTimeout(expire, timeoutMs);

    const send = (opened: ClientHttp2Stream) => {
      stream = opened;
      const chunks: Buffer[] = [];
      let received = 0;
      let headers: AnswerHeaders = {};
      opened.on('error', fail);
      // Whoever gave up while the connection was made does not ask any more.
      if (isOver) return opened.close(CANCEL);
      opened.on('response', (responded) => {
        headers = responded;
      });
      opened.on('data', (chunk: Buffer) => {
        session.notifyResponseByteRead(opened);
        received += chunk.length;
        if (received > answerBytes) return fail('the answer is too long', Code.ResourceExhausted);
        chunks.push(chunk);
      });
      let isComplete = false;
      opened.on('end', () => {
        isComplete = true;
      });
      // A stream that is reset ends as well: only its code tells.
      opened.on('close', () => {
        if (!isComplete || opened.rstCode !== NO_ERROR) return fail('the answer broke off');
        if (isOver) return;
        finish();
        resolve({ headers, bytes: joined(chunks, received) });
      });
      opened.end(body);
    };
    const timeout = timeoutMs === undefined ? {} : { 'connect-timeout-ms': `${timeoutMs}` };
    const headers = { 'content-type': PROTO, 'connect-protocol-version': protocolVersion, ...timeout };
    session.request('POST', path, headers, {}).then(send, fail);
  });
}

/** A copy: what is kept of an answer must not keep the connection's read buffers alive. */
function joined(chunks: readonly Buffer[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Error codes of RFC 9113 §7. */
const NO_ERROR = 0x0;
const CANCEL = 0x8;

function checkedBody(headers: AnswerHeaders, bytes: Uint8Array): Uint8Array {
  const status = headers[':status'] ?? 0;
  const code = codeFromHttpStatus(status);
  if (status !== 200) throw errorFromJsonBytes(bytes, undefined, new ConnectError(`HTTP ${status}`, code));
  if (headers['content-type'] === PROTO && headers['content-encoding'] === undefined) return bytes;
  throw new ConnectError('the answer is not in binary form', Code.Internal);
}
