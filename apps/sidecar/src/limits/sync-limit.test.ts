import { RejectError } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createSyncLimit } from './sync-limit.ts';

const { limits } = configSchema.parse({
  networkFile: 'n',
  name: 'Dave',
  dataDirectory: 'd',
  keyFile: 'k',
  chain: { rpcUrl: 'http://localhost' },
  limits: { pagesPerSecondPerAddress: 2 },
});

it('lets one address ask for so many pages, counts what it refuses, and leaves others alone', async () => {
  const metrics = createMetrics({ withProcess: false });
  let now = 0;
  const limit = createSyncLimit(limits, { metrics, nowMs: () => now });
  for (let call = 0; call < 4; call++) limit.take('a');
  expect(() => limit.take('a')).toThrow(RejectError);
  limit.take('b');
  now += 500;
  limit.take('a');
  const { values } = await metrics.limited.get();
  expect(values).toMatchObject([{ value: 1, labels: { limit: 'pages' } }]);
});

it('lets a stream read its next page when there is room for it, or when it ends', async () => {
  const metrics = createMetrics({ withProcess: false });
  const limit = createSyncLimit(limits, { metrics, nowMs: () => performance.now() });
  const controller = new AbortController();
  const started = performance.now();
  for (let page = 0; page < 5; page++) await limit.pace('a', controller.signal);
  expect(performance.now() - started).toBeGreaterThan(300);
  limit.take('b');
  const waiting = limit.pace('a', controller.signal);
  controller.abort();
  await waiting;
});
