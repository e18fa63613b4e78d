import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createJsonRpc } from '../json-rpc.ts';
import { createHttpPost } from './http-post.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function rpcTo(answer: RequestListener, options: { timeoutMs?: number; maxAnswerBytes?: number } = {}) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createJsonRpc({ url, ...options }, { post: createHttpPost(url) });
}

const answering =
  (text: (id: number) => string, status = 200): RequestListener =>
  async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { id } = JSON.parse(Buffer.concat(parts).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(text(id));
  };

it('asks and answers over one connection', async () => {
  let connections = 0;
  const rpc = await rpcTo(answering((id) => JSON.stringify({ jsonrpc: '2.0', id, result: 'größer' })));
  server?.on('connection', () => {
    connections += 1;
  });
  for (let call = 0; call < 5; call++) expect(await rpc.request('eth_test', [])).toBe('größer');
  expect(connections).toBe(1);
});

it('reads errors of the node, with any status', async () => {
  const error = { code: -32_000, message: 'no' };
  const rpc = await rpcTo(answering((id) => JSON.stringify({ jsonrpc: '2.0', id, error }), 400));
  await expect(rpc.request('eth_test', [])).rejects.toMatchObject({ code: 'REFUSED', facts: { rpcCode: -32_000 } });
});

it.each([
  ['a server that fails', answering(() => 'Bad gateway', 502), 'UNREACHABLE'],
  ['a connection that breaks', ((request) => request.socket.destroy()) as RequestListener, 'UNREACHABLE'],
  [
    'an answer that ends early',
    ((_, response) => response.writeHead(200, { 'content-length': 99 }).write('{')) as RequestListener,
    'TIMEOUT',
  ],
  ['no answer', (() => undefined) as RequestListener, 'TIMEOUT'],
  ['an answer without end', answering(() => 'x'.repeat(5_000)), 'BAD_ANSWER'],
])('says so of %s', async (_, answer, code) => {
  const rpc = await rpcTo(answer, { timeoutMs: 300, maxAnswerBytes: 1_000 });
  await expect(rpc.request('eth_test', [])).rejects.toMatchObject({ name: 'TempoError', code });
});

it('says when nobody listens', async () => {
  const rpc = createJsonRpc({ url: 'http://127.0.0.1:1' }, { post: createHttpPost('http://127.0.0.1:1') });
  await expect(rpc.request('eth_test', [])).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
});
