import { fromBinary } from '@bufbuild/protobuf';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { limits, RejectError } from '@fastpay/protocol';
import type { Request } from './listener.ts';

/** Flags u8 ‖ length u32 before each message of gRPC and gRPC-Web. */
const ENVELOPE_BYTES = 5;

/**
 * Reads a request's whole body. Beyond the limit nothing is kept, but the rest is still taken from the connection:
 * whoever sends too much can then read the answer, and send another request.
 * @throws RejectError INVALID_FORMAT beyond `limits.requestBytes`; an error when the caller leaves before the end.
 */
export function readBody(request: Request): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= limits.requestBytes + ENVELOPE_BYTES) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new RejectError('INVALID_FORMAT', `a request has at most ${limits.requestBytes} bytes`));
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the caller left before the end of its request')));
  });
}

/**
 * Refuses what is no message of the method's type. Connect would call that an internal error, which tells the caller
 * to try again and the operator to look for a fault.
 * @throws RejectError INVALID_FORMAT.
 */
export function assertReadable(body: Uint8Array, { method }: UniversalHandler, { headers }: Request): void {
  // Connect refuses compression itself.
  if (headers['content-encoding'] !== undefined) return;
  const message = messageIn(body, headers['content-type'] ?? '');
  if (!message) return;
  try {
    fromBinary(method.input, message);
  } catch (cause) {
    throw unreadable(method.input.typeName, cause);
  }
}

function unreadable(typeName: string, cause: unknown): RejectError {
  return new RejectError('INVALID_FORMAT', `the request is no ${typeName} message`, {}, { cause });
}

/** The binary message in a body; undefined for JSON, and for envelopes that Connect itself has something to say to. */
function messageIn(body: Uint8Array, contentType: string): Uint8Array | undefined {
  if (contentType.includes('json')) return undefined;
  if (contentType.startsWith('application/proto')) return body;
  const length = new DataView(body.buffer, body.byteOffset, body.length);
  const isWhole =
    body.length >= ENVELOPE_BYTES && body[0] === 0 && length.getUint32(1) === body.length - ENVELOPE_BYTES;
  return isWhole ? body.subarray(ENVELOPE_BYTES) : undefined;
}
