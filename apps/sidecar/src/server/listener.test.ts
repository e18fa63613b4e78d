import { request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createListener, type Listener, type ListenerOptions, type Request, type Response } from './listener.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setup {
  readonly listener: Listener;
  readonly url: string;
  readonly port: number;
  readonly dropped: string[];
}

async function start(
  handle: (request: Request, response: Response) => void = echo,
  options: Partial<ListenerOptions> = {},
): Promise<Setup> {
  const dropped: string[] = [];
  const listener = createListener(
    { host: '127.0.0.1', port: 0, maxConnections: 16, ...options },
    { handle, onDropped: (reason) => dropped.push(reason) },
  );
  const url = await listener.listen();
  cleanups.push(() => listener.drain(0));
  return { listener, url, port: Number(new URL(url).port), dropped };
}

/** Answers with the HTTP version and the size of the body. */
function echo(request: Request, response: Response): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  request.on('end', () => response.end(`${request.httpVersion} ${size}`));
}

function http2Session(url: string): ClientHttp2Session {
  const session = connectHttp2(url);
  session.on('error', () => undefined);
  cleanups.push(() => session.destroy());
  return session;
}

function http2Request(session: ClientHttp2Session, body: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    let answer = '';
    stream.on('data', (chunk) => {
      answer += chunk;
    });
    stream.on('end', () => resolve(answer));
    stream.on('error', reject);
    stream.end(body);
  });
}

function socketTo(port: number): Socket {
  const socket = connectSocket(port, '127.0.0.1');
  socket.on('error', () => undefined);
  cleanups.push(() => socket.destroy());
  return socket;
}

/** Everything that the server sent until it closed the connection. */
function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.once('close', () => resolve(text));
  });
}

it('answers HTTP/1.1 and HTTP/2 on one port, bodies larger than a segment included', async () => {
  const { url } = await start();
  const body = new Uint8Array(200_000);
  const answer = await fetch(url, { method: 'POST', body });
  expect(await answer.text()).toBe('1.1 200000');
  expect(await http2Request(http2Session(url), body)).toBe('2.0 200000');
});

it('recognises the HTTP/2 preface when it arrives byte by byte', async () => {
  const { port } = await start();
  const socket = socketTo(port);
  socket.setNoDelay(true);
  const preface = Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ]);
  for (const byte of preface) {
    await new Promise<void>((resolve) => socket.write(Uint8Array.of(byte), () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  // The server's own SETTINGS frame: length u24, type 4.
  expect(first[3]).toBe(4);
});

it('closes a connection that sends garbage', async () => {
  const { port } = await start();
  const socket = socketTo(port);
  socket.write(Buffer.from([0xde, 0xad, 0xbe, 0xef, 0, 0xff, 13, 10, 13, 10]));
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 400 /);
});

it('closes an HTTP/2 connection that turns into garbage after its preface', async () => {
  const { port, url } = await start();
  const socket = socketTo(port);
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(Buffer.alloc(4_096, 0xff));
  await untilClosed(socket);
  expect(await (await fetch(url)).text()).toBe('1.1 0');
});

it('cuts connections that say nothing, too little, or never finish their headers', async () => {
  const { port, dropped } = await start(echo, { limits: { headersTimeoutMs: 50, timeoutCheckMs: 20 } });
  const silent = socketTo(port);
  const undecided = socketTo(port);
  undecided.write('PRI * HT');
  const slow = socketTo(port);
  slow.write('GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ');
  const [first, second, third] = await Promise.all([silent, undecided, slow].map(untilClosed));
  expect([first, second]).toEqual(['', '']);
  expect(third).toMatch(/^HTTP\/1\.1 408 /);
  expect(dropped).toEqual(['handshake', 'handshake']);
});

it('cuts a request whose body never ends, in both protocols', async () => {
  const { port, url } = await start(echo, {
    limits: { headersTimeoutMs: 50, requestTimeoutMs: 50, timeoutCheckMs: 20 },
  });
  const socket = socketTo(port);
  socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nabc');
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 408 /);
  const stream = http2Session(url).request({ ':method': 'POST', ':path': '/' });
  const failed = new Promise((resolve) => stream.once('error', resolve));
  stream.write('abc');
  expect(await failed).toBeInstanceOf(Error);
  // Nothing of it was looked at, so it may be sent again; NO_ERROR would leave clients waiting for an answer.
  expect(stream.rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
});

it('refuses headers beyond the limit', async () => {
  const { port } = await start();
  const socket = socketTo(port);
  socket.write(`GET / HTTP/1.1\r\nHost: here\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 431 /);
});

it('refuses connections beyond the limit and counts them', async () => {
  const { port, dropped } = await start(echo, { maxConnections: 1 });
  const first = socketTo(port);
  await new Promise((resolve) => first.once('connect', resolve));
  first.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  await new Promise((resolve) => first.once('data', resolve));
  expect(await untilClosed(socketTo(port))).toBe('');
  expect(dropped).toEqual(['limit']);
});

it('closes idle HTTP/2 connections, but not one with an open stream', async () => {
  const held: Response[] = [];
  const { url } = await start((_request, response) => held.push(response), { limits: { idleTimeoutMs: 50 } });
  const idle = http2Session(url);
  const busy = http2Session(url);
  const stream = busy.request({ ':path': '/' });
  await new Promise((resolve) => idle.once('close', resolve));
  expect(busy.closed).toBe(false);
  held[0]?.end('late');
  const [chunk] = await new Promise<unknown[]>((resolve) => stream.once('data', (...data) => resolve(data)));
  expect(String(chunk)).toBe('late');
});

it('lets requests in flight finish when it drains, and takes no new connections', async () => {
  const held: Response[] = [];
  let bothIn: () => void = () => undefined;
  const twoIn = new Promise<void>((resolve) => {
    bothIn = resolve;
  });
  const { listener, url, port } = await start((_request, response) => {
    held.push(response);
    if (held.length === 2) bothIn();
  });
  const idle = http2Session(url);
  await new Promise((resolve) => idle.once('connect', resolve));
  const overHttp2 = http2Request(http2Session(url), new Uint8Array());
  const overHttp1 = new Promise<string>((resolve) => {
    const request = httpRequest({ port, host: '127.0.0.1' }, (response) => {
      response.on('data', (chunk) => resolve(String(chunk)));
    });
    request.end();
  });
  await twoIn;
  const drained = listener.drain(60_000);
  await new Promise((resolve) => idle.once('close', resolve));
  await expect(fetch(url)).rejects.toThrow();
  for (const response of held) response.end('done');
  expect(await Promise.all([overHttp1, overHttp2])).toEqual(['done', 'done']);
  expect(await drained).toBe(0);
});

it('cuts what does not finish in the time given', async () => {
  let arrived: () => void = () => undefined;
  const oneIn = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { listener, url } = await start(() => arrived());
  const answer = fetch(url).catch((error: unknown) => error);
  await oneIn;
  expect(await listener.drain(10)).toBe(1);
  expect(await answer).toBeInstanceOf(Error);
});
