import { Code, ConnectError, createClient, type ServiceImpl } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { RejectError } from '@fastpay/protocol';
import { rejectFromError, ValidatorService } from '@fastpay/rpc';
import { StoreCorruptionError } from '@fastpay/validator';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createGate } from '../limits/admission.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createListener } from './listener.ts';
import { createRoutes } from './routes.ts';
import { createRpcRoutes } from './rpc-routes.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const roomy = {
  connections: 10,
  requestsInFlight: 10,
  streams: 10,
  streamsPerAddress: 10,
  requestsPerSecondPerAddress: 10_000,
  requestBurstPerAddress: 10_000,
  paymentsPerSecondPerAccount: 1,
  paymentBurstPerAccount: 1,
  pagesPerSecondPerAddress: 50,
};

async function start(
  methods: Partial<ServiceImpl<typeof ValidatorService>>,
  { limits = roomy, answerTimeoutMs = 60_000 }: { limits?: typeof roomy; answerTimeoutMs?: number } = {},
) {
  const records: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => records.push(JSON.parse(line)) });
  const metrics = createMetrics({ withProcess: false });
  const shutdown = new AbortController();
  const fatal: string[] = [];
  const rpc = createRpcRoutes({
    routes: (router) => {
      router.service(ValidatorService, methods);
    },
    gate: createGate(limits, { metrics, nowMs: () => performance.now() }),
    metrics,
    log,
    fatal: (reason) => {
      fatal.push(reason);
      throw new Error('the process would have ended');
    },
    shutdownSignal: shutdown.signal,
    nowMs: () => performance.now(),
    answerTimeoutMs,
  });
  const handle = createRoutes({ allowedOrigins: [] }, { rpc, pages: {}, onError: () => undefined });
  const listener = createListener({ host: '127.0.0.1', port: 0, maxConnections: 10 }, { handle });
  const baseUrl = await listener.listen();
  cleanups.push(() => listener.drain(0));
  const client = createClient(ValidatorService, createConnectTransport({ baseUrl, httpVersion: '1.1' }));
  return { client, baseUrl, records, metrics, shutdown, fatal };
}

it('hides an unexpected error from the caller and logs it under the id that the caller gets', async () => {
  const { client, records, metrics } = await start({
    getChainHead: () => {
      throw new TypeError('secret detail');
    },
  });
  const error = ConnectError.from(await client.getChainHead({}).catch((reason: unknown) => reason));
  expect(error.code).toBe(Code.Internal);
  expect(error.message).not.toContain('secret');
  const errorId = /internal error ([0-9a-f-]{36})/.exec(error.message)?.[1];
  const logged = records.find((record) => record.errorId === errorId);
  expect(logged).toMatchObject({ method: 'GetChainHead', requestId: error.metadata.get('x-request-id') });
  expect(JSON.stringify(logged?.err)).toContain('secret detail');
  expect(await metrics.registry.metrics()).toContain('outcome="internal"} 1');
});

it('hands refusals over with their facts, from streams too', async () => {
  const refuse = () => {
    throw new RejectError('INSUFFICIENT_FUNDS', 'too little', { balance: -5n });
  };
  const { client, baseUrl, metrics } = await start({
    getChainHead: refuse,
    async *watchBulletin() {
      yield { storeId: Uint8Array.of(1) };
      await Promise.resolve();
      refuse();
    },
  });
  const unary = await client.getChainHead({}).catch(rejectFromError);
  expect(unary).toMatchObject({ code: 'INSUFFICIENT_FUNDS', facts: { balance: -5n } });
  for (const streaming of [client, createClient(ValidatorService, createGrpcTransport({ baseUrl }))]) {
    let messages = 0;
    const read = async () => {
      for await (const _message of streaming.watchBulletin({})) messages++;
    };
    expect(await read().catch(rejectFromError)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(messages).toBe(1);
  }
  expect(await metrics.registry.metrics()).toContain('fastpay_rejects_total{code="INSUFFICIENT_FUNDS"} 3');
});

it('ends the process on a corrupt store instead of answering', async () => {
  const { client, fatal } = await start({
    getChainHead: () => {
      throw new StoreCorruptionError('row 7');
    },
  });
  await client.getChainHead({}).catch(() => undefined);
  expect(fatal).toEqual(['the store is corrupt']);
});

it('refuses beyond the requests in flight without looking at them, and frees the place of a finished one', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let entered: () => void = () => undefined;
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const { client, metrics } = await start(
    {
      getChainHead: async () => {
        entered();
        await held;
        return {};
      },
    },
    { limits: { ...roomy, requestsInFlight: 1 } },
  );
  const first = client.getChainHead({});
  await inside;
  const refused = await client.getChainHead({}).catch(rejectFromError);
  expect(refused).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', facts: { retryAfterMs: 250 } });
  release();
  await first;
  await expect
    .poll(() =>
      client.getChainHead({}).then(
        () => 'answered',
        () => 'refused',
      ),
    )
    .toBe('answered');
  expect(await metrics.registry.metrics()).toContain('fastpay_limited_total{limit="in-flight"}');
});

it.each(['1.1', '2'] as const)(
  'cuts an answer that does not leave in time, so that HTTP/%s callers know',
  async (httpVersion) => {
    const { baseUrl } = await start({ getChainHead: () => new Promise(() => undefined) }, { answerTimeoutMs: 20 });
    const client = createClient(ValidatorService, createConnectTransport({ baseUrl, httpVersion }));
    await expect(client.getChainHead({})).rejects.toThrow();
  },
);

it('tells streams that it stops', async () => {
  const { client, shutdown } = await start({
    async *watchBulletin(_request, { signal }) {
      yield { storeId: Uint8Array.of(1) };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      signal.throwIfAborted();
    },
  });
  const read = async () => {
    for await (const _message of client.watchBulletin({})) {
      shutdown.abort(new ConnectError('the validator is stopping', Code.Unavailable));
    }
  };
  const error = ConnectError.from(await read().catch((reason: unknown) => reason));
  expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, 'the validator is stopping']);
});
