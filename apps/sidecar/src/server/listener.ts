import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ServerLimits, serverLimits } from './limits.ts';
import { sniffProtocol } from './sniff.ts';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

export interface ListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly maxConnections: number;
  readonly limits?: Partial<ServerLimits>;
}

export interface ListenerDependencies {
  readonly handle: (request: Request, response: Response) => void;
  readonly onConnections?: (open: number) => void;
  readonly onDropped?: (reason: 'limit' | 'handshake') => void;
}

/** One port that answers HTTP/1.1 and HTTP/2 without TLS (prior knowledge). */
export interface Listener {
  /** Resolves with the address listened on, for example `http://127.0.0.1:4701`. */
  listen(): Promise<string>;
  /**
   * Takes no more connections, lets requests in flight finish for `timeoutMs`, then cuts what is left.
   * Resolves with the number of connections that were cut.
   */
  drain(timeoutMs: number): Promise<number>;
}

export function createListener(options: ListenerOptions, dependencies: ListenerDependencies): Listener {
  const limits = { ...serverLimits, ...options.limits };
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let draining = false;

  const http1 = createHttp1Server({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    keepAliveTimeout: limits.idleTimeoutMs,
  });
  http1.maxHeadersCount = limits.headerCount;
  // The sweep that enforces the time-outs above starts when a server listens; this one is handed its sockets.
  http1.emit('listening');
  http1.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      if (draining) http1.closeIdleConnections();
    });
    dependencies.handle(request, response);
  });

  const http2 = createHttp2Server({
    maxSessionMemory: limits.sessionMegabytes,
    maxHeaderListPairs: limits.headerCount,
    settings: {
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: limits.headerBytes,
      enablePush: false,
    },
  });
  http2.on('session', (session) => watchSession(session));
  http2.on('request', (request, response) => {
    // Node bounds the time of an HTTP/1 request, but not of one in HTTP/2.
    // Nothing was done yet, so the caller may send it again. A stream that is closed without an error and without an
    // answer would leave clients waiting for ever.
    const timer = setTimeout(() => request.stream.close(constants.NGHTTP2_REFUSED_STREAM), limits.requestTimeoutMs);
    // Whoever reads the body is told by its own listener; where nobody does, a broken stream is no fault of ours.
    request.on('error', () => clearTimeout(timer));
    const stop = () => clearTimeout(timer);
    request.once('end', stop);
    request.once('close', stop);
    dependencies.handle(request, response);
  });

  function watchSession(session: ServerHttp2Session): void {
    let open = 0;
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A peer that breaks the protocol loses its session; there is nobody else to tell.
    session.on('error', () => session.destroy());
    session.on('stream', (stream) => {
      open++;
      stream.once('close', () => open--);
    });
    session.setTimeout(limits.idleTimeoutMs, () => {
      if (open === 0) session.close();
    });
    if (draining) session.close();
  }

  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.idleTimeoutMs });
  server.maxConnections = options.maxConnections;
  server.on('drop', () => dependencies.onDropped?.('limit'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    dependencies.onConnections?.(sockets.size);
    // What a peer does to its own connection (resets, mostly) is no fault of ours.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      dependencies.onConnections?.(sockets.size);
    });
    sniffProtocol(socket, limits.headersTimeoutMs, (protocol) => {
      if (protocol === 'http1') http1.emit('connection', socket);
      else if (protocol === 'http2') http2.emit('connection', socket);
      else {
        dependencies.onDropped?.('handshake');
        socket.destroy();
      }
    });
  });

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: options.host, port: options.port }, () => {
          server.off('error', reject);
          const { address, port, family } = server.address() as AddressInfo;
          resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
        });
      }),
    drain: (timeoutMs) =>
      new Promise((resolve) => {
        draining = true;
        let cut = 0;
        const timer = setTimeout(() => {
          cut = sockets.size;
          for (const socket of sockets) socket.destroy();
        }, timeoutMs);
        server.close(() => {
          clearTimeout(timer);
          resolve(cut);
        });
        // Stops its sweep of time-outs; it never listened, which is the error that its callback is not told of.
        http1.close();
        http1.closeIdleConnections();
        for (const session of sessions) session.close();
      }),
  };
}
