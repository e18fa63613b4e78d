import { toBinary } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';
import { concatBytes, utf8 } from '@fastpay/protocol';
import { RelayService } from '@fastpay/rpc';
import { describe, expect, test } from 'vitest';
import { createConnectCalls } from './connect-calls.ts';

const LIMIT = 64;
const { getRelayChainHead, watchAccount } = RelayService.method;

/** A relay that answers every call in one way, and a client that holds at most 64 bytes of it. */
function answering(fetch: (request: Request) => Response | Promise<Response>) {
  return createConnectCalls({
    baseUrl: 'https://relay.example/',
    fetch: async (input, init) => fetch(new Request(input, init)),
    answerBytes: LIMIT,
  });
}

const proto = { 'content-type': 'application/proto' };
const streamed = { 'content-type': 'application/connect+proto' };

function envelope(flags: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([flags, 0, 0, data.length >> 8, data.length & 255, ...data]);
}

const keepAlive = (unixMillis: bigint) =>
  toBinary(watchAccount.output, {
    $typeName: 'fastpay.v1.WatchAccountResponse',
    event: { case: 'keepAlive', value: { $typeName: 'fastpay.v1.KeepAlive', unixMillis } },
  });

/** In pieces of so many bytes, as networks cut them. */
function inPieces(bytes: Uint8Array, length: number): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(offset, offset + length));
      offset += length;
    },
  });
}

async function failureOf(call: Promise<unknown>): Promise<ConnectError> {
  return (await call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: unknown) => error,
  )) as ConnectError;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const never = new AbortController().signal;
const soon = { timeoutMs: 60_000 };
const head = () => toBinary(getRelayChainHead.output, { $typeName: 'fastpay.v1.GetRelayChainHeadResponse' });

describe('a call', () => {
  test('names the method, the form and the time that is left', async () => {
    const seen: unknown[] = [];
    const relay = answering(({ method, url, headers }) => {
      seen.push(method, url, headers.get('content-type'), headers.get('connect-timeout-ms'));
      seen.push(headers.get('connect-protocol-version'));
      return new Response(head(), { headers: proto });
    });
    await relay.ask(getRelayChainHead, {}, { timeoutMs: 900 });
    const url = 'https://relay.example/fastpay.v1.RelayService/GetRelayChainHead';
    expect(seen).toEqual(['POST', url, 'application/proto', '900', '1']);
  });

  test.each<[string, () => Response, Code]>([
    ['is too long', () => new Response(new Uint8Array(LIMIT + 1), { headers: proto }), Code.ResourceExhausted],
    ['is of another kind', () => new Response(head()), Code.Internal],
    ['is no message', () => new Response(Uint8Array.of(255, 255), { headers: proto }), Code.Internal],
    ['is a page of a proxy', () => new Response('<html>', { status: 502 }), Code.Unavailable],
    ['is a long page of a proxy', () => new Response('x'.repeat(LIMIT + 1), { status: 502 }), Code.ResourceExhausted],
    [
      'is a refusal',
      () => new Response('{"code":"resource_exhausted","message":"slow down"}', { status: 429 }),
      Code.ResourceExhausted,
    ],
  ])('fails when the answer %s', async (_, answer, code) => {
    expect(await failureOf(answering(answer).ask(getRelayChainHead, {}, soon))).toMatchObject({
      name: 'ConnectError',
      code,
    });
  });

  /** Begins to answer, and never ends unless it is given up. */
  const endless = ({ signal }: Request) =>
    new Response(
      new ReadableStream({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
      { headers: proto },
    );

  test('fails when the answer does not end in time', async () => {
    const failure = await failureOf(answering(endless).ask(getRelayChainHead, {}, { timeoutMs: 20 }));
    expect(failure.code).toBe(Code.DeadlineExceeded);
  });

  test('ends with its caller', async () => {
    const controller = new AbortController();
    const call = answering(endless).ask(getRelayChainHead, {}, { ...soon, signal: controller.signal });
    controller.abort();
    expect((await failureOf(call)).code).toBe(Code.Canceled);
  });
});

describe('a stream', () => {
  const end = envelope(2, utf8('{}'));
  const both = concatBytes(envelope(0, keepAlive(1n)), envelope(0, keepAlive(2n)), end);

  test.each([1, 7, 1_000])('is the same in pieces of %i bytes', async (length) => {
    const relay = answering(() => new Response(inPieces(both, length), { headers: streamed }));
    const events = await collect(relay.listen(watchAccount, {}, never));
    expect(events.map(({ event }) => event.value)).toMatchObject([{ unixMillis: 1n }, { unixMillis: 2n }]);
  });

  test('sends its request in an envelope', async () => {
    let sent = new Uint8Array();
    const relay = answering(async (request) => {
      sent = new Uint8Array(await request.arrayBuffer());
      return new Response(inPieces(end, 9), { headers: streamed });
    });
    await collect(relay.listen(watchAccount, { owner: Uint8Array.of(5) }, never));
    expect(sent).toEqual(Uint8Array.of(0, 0, 0, 0, 3, 10, 1, 5));
  });

  test.each<[string, Uint8Array, Code]>([
    ['breaks off between two messages', envelope(0, keepAlive(1n)), Code.Unavailable],
    ['breaks off within one', both.slice(0, 6), Code.Unavailable],
    ['announces more than is read', Uint8Array.of(0, 255, 255, 255, 255), Code.ResourceExhausted],
    ['is compressed', envelope(1, keepAlive(1n)), Code.Internal],
    ['holds no message', envelope(0, Uint8Array.of(255, 255)), Code.Internal],
    ['ends with a failure', envelope(2, utf8('{"error":{"code":"unavailable"}}')), Code.Unavailable],
    ['ends with garbage', envelope(2, utf8('[')), Code.Unknown],
  ])('fails when it %s', async (_, bytes, code) => {
    const relay = answering(() => new Response(inPieces(bytes, 3), { headers: streamed }));
    expect(await failureOf(collect(relay.listen(watchAccount, {}, never)))).toMatchObject({
      name: 'ConnectError',
      code,
    });
  });

  test('fails when the connection does, after what had come', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(envelope(0, keepAlive(1n))),
      pull: (controller) => controller.error(new TypeError('network error')),
    });
    const events = answering(() => new Response(body, { headers: streamed })).listen(watchAccount, {}, never);
    expect((await events.next()).value).toMatchObject({ event: { case: 'keepAlive' } });
    expect(await failureOf(events.next())).toMatchObject({ name: 'ConnectError', code: Code.Unavailable });
  });

  test('is let go when nobody wants the rest', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(envelope(0, keepAlive(1n))),
      cancel() {
        isCancelled = true;
      },
    });
    const relay = answering(() => new Response(body, { headers: streamed }));
    for await (const _ of relay.listen(watchAccount, {}, never)) break;
    expect(isCancelled).toBe(true);
  });
});
