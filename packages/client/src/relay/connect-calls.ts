import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  codeFromHttpStatus,
  endStreamFromJson,
  errorFromJsonBytes,
  protocolVersion,
} from '@connectrpc/connect/protocol-connect';
import { type ByteStream, createByteStream } from './byte-stream.ts';

/** Calls of a service; both throw ConnectError. */
export interface ConnectCalls {
  ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    timing: AskTiming,
  ): Promise<MessageShape<O>>;
  /** The connection is let go when nobody wants the rest. */
  listen<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    signal: AbortSignal,
  ): AsyncGenerator<MessageShape<O>, void, undefined>;
}

interface AskTiming {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ConnectCallsOptions {
  /** Where the service is, for example `https://pay.example`. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** A longer answer, or a longer message of a stream, is not read. Bytes. */
  readonly answerBytes: number;
}

/**
 * The Connect protocol (connectrpc.com/docs/protocol) over `fetch`: single answers and streams, in binary. The general
 * client brings along the JSON form of every message, a fifteenth of what a wallet has to load, reads whatever length
 * it is sent, and keeps a stream open that nobody wants any more.
 */
export function createConnectCalls({ baseUrl, fetch, answerBytes }: ConnectCallsOptions): ConnectCalls {
  const prefix = baseUrl.replace(/\/+$/, '');

  /** The answer's bytes, once it is certain that they are in the form that was asked for. */
  async function post(
    { name, parent }: { readonly name: string; readonly parent: { readonly typeName: string } },
    headers: { readonly 'content-type': string; readonly 'connect-timeout-ms'?: string },
    body: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<ByteStream> {
    const response = await fetch(`${prefix}/${parent.typeName}/${name}`, {
      method: 'POST',
      headers: { ...headers, 'connect-protocol-version': protocolVersion },
      body,
      redirect: 'error',
      signal,
    });
    const bytes = createByteStream(response.body, answerBytes);
    if (response.status !== 200) {
      const fallback = new ConnectError(`HTTP ${response.status}`, codeFromHttpStatus(response.status));
      throw errorFromJsonBytes(await bytes.readAll(), undefined, fallback);
    }
    if (response.headers.get('content-type') === headers['content-type']) return bytes;
    await bytes.cancel();
    throw new ConnectError('the answer is not in binary form', Code.Internal);
  }

  return {
    async ask(method, request, { timeoutMs, signal }) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const headers = { 'content-type': 'application/proto', 'connect-timeout-ms': `${timeoutMs}` };
      const body = encode(method.input, request);
      try {
        const bytes = await post(method, headers, body, signal ? AbortSignal.any([signal, deadline]) : deadline);
        return decode(method.output, await bytes.readAll());
      } catch (error) {
        if (deadline.aborted && !signal?.aborted) throw failure('no answer in time', Code.DeadlineExceeded, error);
        throw ConnectError.from(error, Code.Unavailable);
      }
    },

    async *listen(method, request, signal) {
      let bytes: ByteStream | undefined;
      try {
        const body = enveloped(encode(method.input, request));
        bytes = await post(method, { 'content-type': 'application/connect+proto' }, body, signal);
        for (;;) {
          const { flags, data } = await readEnvelope(bytes);
          if ((flags & END_OF_STREAM) !== 0) {
            checkEnd(data);
            // An answer that was over at once must not pass for one that came in whole.
            signal.throwIfAborted();
            return;
          }
          if (flags !== 0) throw new ConnectError('the answer is compressed', Code.Internal);
          yield decode(method.output, data);
        }
      } catch (error) {
        throw ConnectError.from(error, Code.Unavailable);
      } finally {
        await bytes?.cancel();
      }
    },
  };
}

function encode<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>): Uint8Array<ArrayBuffer> {
  return toBinary(schema, create(schema, init));
}

function decode<Schema extends DescMessage>(schema: Schema, bytes: Uint8Array): MessageShape<Schema> {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    throw failure('the answer is no such message', Code.Internal, error);
  }
}

function failure(message: string, code: Code, cause: unknown): ConnectError {
  return new ConnectError(message, code, undefined, undefined, cause);
}

/** Before each message of a stream: one byte of flags, four of length. */
const PREFIX_BYTES = 5;
const END_OF_STREAM = 2;

function enveloped(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const envelope = new Uint8Array(PREFIX_BYTES + data.length);
  new DataView(envelope.buffer).setUint32(1, data.length);
  envelope.set(data, PREFIX_BYTES);
  return envelope;
}

async function readEnvelope(bytes: ByteStream): Promise<{ readonly flags: number; readonly data: Uint8Array }> {
  const prefix = await bytes.read(PREFIX_BYTES);
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
  return { flags: view.getUint8(0), data: await bytes.read(view.getUint32(1)) };
}

/** A stream ends with what went wrong, if anything did. */
function checkEnd(data: Uint8Array): void {
  const { error } = endStreamFromJson(data);
  if (error) throw error;
}
