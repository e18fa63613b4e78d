import type { Socket } from 'node:net';

/** What an HTTP/2 client with prior knowledge says first (RFC 9113 §3.4); no HTTP/1 request begins so. */
const PREFACE = Buffer.from('PRI * HTTP/2.0', 'latin1');

export type Protocol = 'http1' | 'http2';

/**
 * Looks at the first bytes of a connection, puts them back and names the protocol. Calls `decided` once, with
 * undefined when the peer stays undecided for `timeoutMs` or leaves; the socket is then still the caller's to close.
 */
export function sniffProtocol(
  socket: Socket,
  timeoutMs: number,
  decided: (protocol: Protocol | undefined) => void,
): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => finish(undefined), timeoutMs);
  const gone = () => finish(undefined);

  function finish(protocol: Protocol | undefined): void {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('end', gone);
    socket.off('close', gone);
    if (protocol && seen.length > 0) socket.unshift(seen);
    decided(protocol);
  }

  function look(): void {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    if (seen.compare(PREFACE, 0, length, 0, length) !== 0) finish('http1');
    else if (length === PREFACE.length) finish('http2');
  }

  socket.on('readable', look);
  socket.once('end', gone);
  socket.once('close', gone);
}
