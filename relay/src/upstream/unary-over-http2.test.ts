import { once } from 'node:events';
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { toBinary } from '@bufbuild/protobuf';
import { Code, type ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { ValidatorService } from '@fastpay/rpc';
import { afterEach, expect, test } from 'vitest';
import { unaryOverHttp2 } from './unary-over-http2.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A validator that answers every call in one way, and a client that reads at most 64 bytes. */
async function connected(answer: Answer) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = new Http2SessionManager(baseUrl);
  cleanups.push(
    () => server.close(),
    () => session.abort(),
  );
  const streams = createConnectTransport({ baseUrl, httpVersion: '2', sessionManager: session });
  return { client: createClient(ValidatorService, unaryOverHttp2({ session, answerBytes: 64 }, streams)), server };
}

const { output } = ValidatorService.method.getChainHead;
const empty = () => toBinary(output, { $typeName: 'fastpay.v1.GetChainHeadResponse' });
const proto = { 'content-type': 'application/proto' };

async function failureOf(call: Promise<unknown>): Promise<ConnectError> {
  return (await call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: unknown) => error,
  )) as ConnectError;
}

test('asks for the method with the time that is left', async () => {
  const seen: unknown[] = [];
  const { client } = await connected(({ method, url, headers }, response) => {
    seen.push(method, url, headers['content-type'], headers['connect-timeout-ms'], headers['connect-protocol-version']);
    response.writeHead(200, proto).end(empty());
  });
  expect(await client.getChainHead({}, { timeoutMs: 900 })).toEqual({ $typeName: 'fastpay.v1.GetChainHeadResponse' });
  expect(seen).toEqual(['POST', '/fastpay.v1.ValidatorService/GetChainHead', 'application/proto', '900', '1']);
});

const bad: readonly (readonly [string, Answer, Code])[] = [
  ['is too long', (_request, response) => response.writeHead(200, proto).end(Buffer.alloc(65)), Code.ResourceExhausted],
  ['is of another kind', (_request, response) => response.writeHead(200).end(empty()), Code.Internal],
  [
    'is compressed',
    (_request, response) => response.writeHead(200, { ...proto, 'content-encoding': 'gzip' }).end(empty()),
    Code.Internal,
  ],
  [
    'breaks off',
    (_request, response) => response.writeHead(200, proto).stream.destroy(new Error('gone')),
    Code.Unavailable,
  ],
  ['never begins', ({ stream }) => stream.session?.destroy(), Code.Unavailable],
  ['is a page of a proxy', (_request, response) => response.writeHead(503).end('<html>'), Code.Unavailable],
  [
    'is an error as Connect writes it',
    (_request, response) => response.writeHead(400).end('{"code":"failed_precondition","message":"no"}'),
    Code.FailedPrecondition,
  ],
];

test.each(bad)('an answer that %s is an error', async (_what, answer, code) => {
  const { client } = await connected(answer);
  expect(await failureOf(client.getChainHead({}))).toMatchObject({ name: 'ConnectError', code });
});

test('bytes that are no message are an error', async () => {
  const { client } = await connected((_request, response) => response.writeHead(200, proto).end(Buffer.from([0xff])));
  await expect(client.getChainHead({})).rejects.toBeInstanceOf(Error);
});

test('ends in time, and tells the other side that nobody waits any more', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const { client } = await connected((request) => {
    closed = once(request.stream, 'close');
  });
  expect(await failureOf(client.getChainHead({}, { timeoutMs: 30 }))).toMatchObject({ code: Code.DeadlineExceeded });
  await closed;
  const controller = new AbortController();
  const call = failureOf(client.getChainHead({}, { signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  expect(await call).toMatchObject({ code: Code.Canceled });
  await closed;
  expect(await failureOf(client.getChainHead({}, { signal: controller.signal }))).toMatchObject({
    code: Code.Canceled,
  });
});

test('many calls share one connection', async () => {
  let sessions = 0;
  const { client, server } = await connected((_request, response) => response.writeHead(200, proto).end(empty()));
  server.on('session', () => sessions++);
  await Promise.all(Array.from({ length: 50 }, () => client.getChainHead({})));
  expect(sessions).toBe(1);
});
