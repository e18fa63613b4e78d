import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ZERO_ADDRESS } from '@fastpay/protocol';
import { afterEach, expect, it } from 'vitest';
import { ethCall } from './eth-call.ts';
import { createJsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

function answering(body: (id: number) => string, status = 200): RequestListener {
  return (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { id } = JSON.parse(text) as { id: number };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body(id));
    });
  };
}

const ask = (url: string, timeoutMs?: number) =>
  createJsonRpc({ url, ...(timeoutMs === undefined ? {} : { timeoutMs }) }).request('eth_chainId', []);

it('returns the result, null included', async () => {
  const url = await serve(answering((id) => JSON.stringify({ jsonrpc: '2.0', id, result: id === 1 ? '0x1' : null })));
  const rpc = createJsonRpc({ url });
  expect(await rpc.request('eth_chainId', [])).toBe('0x1');
  expect(await rpc.request('eth_getTransactionReceipt', ['0x'])).toBe(null);
});

it('names a refusal by its code and message, whatever the HTTP status', async () => {
  for (const status of [200, 400, 403]) {
    const error = { code: -32_003, message: 'nonce too low' };
    const url = await serve(answering((id) => JSON.stringify({ jsonrpc: '2.0', id, error }), status));
    await expect(ask(url)).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'eth_chainId: nonce too low',
      facts: { rpcCode: -32_003 },
      retryable: false,
    });
    server?.close();
  }
});

it('can be asked again when a block came while the node answered for the latest one', async () => {
  const error = { code: -32_602, message: 'BlockOutOfRangeError: block height is 27 but requested was 26' };
  let refusals = 0;
  const url = await serve(
    answering((id) => {
      refusals += 1;
      return JSON.stringify(refusals < 3 ? { jsonrpc: '2.0', id, error } : { jsonrpc: '2.0', id, result: '0x07' });
    }),
  );
  await expect(ask(url)).rejects.toMatchObject({ code: 'REORGANIZED', retryable: true });
  const call = { to: ZERO_ADDRESS, data: '0x' } as const;
  expect(await ethCall(createJsonRpc({ url }), call, 'view')).toBe('0x07');
  refusals = Number.NEGATIVE_INFINITY;
  await expect(ethCall(createJsonRpc({ url }), call, 'view')).rejects.toMatchObject({ code: 'REORGANIZED' });
});

it('gives up after the time-out, when the answer does not begin', async () => {
  const url = await serve(() => undefined);
  await expect(ask(url, 50)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
});

it('gives up after the time-out, when the answer does not end', async () => {
  const url = await serve((_, response) => {
    response.write('{"jsonrpc":"2.0",');
  });
  await expect(ask(url, 200)).rejects.toMatchObject({ code: 'TIMEOUT' });
});

it('says when nobody listens, or the connection breaks', async () => {
  const url = await serve((request) => request.socket.destroy());
  await expect(ask(url)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
  const closed = server;
  await new Promise<void>((resolve) => closed?.close(() => resolve()));
  server = undefined;
  await expect(ask(url)).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

it.each([
  ['a page of HTML', () => '<html>busy</html>', 200, 'BAD_ANSWER'],
  ['a page of HTML with an error status', () => '<html>busy</html>', 502, 'UNREACHABLE'],
  ['nothing', () => '', 200, 'BAD_ANSWER'],
  ['a list', () => '[]', 200, 'BAD_ANSWER'],
  ['an answer without result', (id: number) => `{"jsonrpc":"2.0","id":${id}}`, 200, 'BAD_ANSWER'],
  [
    'the answer to another request',
    (id: number) => `{"jsonrpc":"2.0","id":${id + 1},"result":"0x1"}`,
    200,
    'BAD_ANSWER',
  ],
] as const)('refuses %s', async (_, body, status, code) => {
  const url = await serve(answering(body, status));
  await expect(ask(url)).rejects.toMatchObject({ code });
});

it('stops reading an answer without end', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  const url = await serve((_, response) => {
    const write = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  });
  await expect(ask(url)).rejects.toMatchObject({
    code: 'BAD_ANSWER',
    message: expect.stringContaining(String(tempoLimits.answerBytes)),
  });
});

it('keeps credentials in its address out of errors', async () => {
  const url = await serve(() => undefined);
  const secret = url.replace('http://', 'http://user:opensesame@');
  const error: unknown = await ask(secret, 50).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).not.toContain('opensesame');
});
