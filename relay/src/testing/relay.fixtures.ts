import { ZERO_HASH } from '@fastpay/protocol';
import type { ChainHead } from '@fastpay/rpc';
import type { JsonRpc } from '@fastpay/tempo';
import { createLog } from '../log.ts';
import { type RelayOptions, type RunningRelay, startRelay } from '../start-relay.ts';
import type { ValidatorClient } from '../upstream/validator-client.ts';
import { handMadeClient } from './hand-made-client.fixtures.ts';
import { createTestNetwork, type TestNetwork } from './network.fixtures.ts';

export interface TestRelay extends RunningRelay {
  readonly net: TestNetwork;
  readonly records: readonly string[];
  readonly broken: readonly unknown[];
  /** GETs a path; POSTs when there is a body. */
  json(path: string, body?: unknown, headers?: Record<string, string>): Promise<{ response: Response; body: unknown }>;
}

interface TestRelayOptions {
  readonly net?: TestNetwork;
  readonly validators?: readonly ValidatorClient[];
  readonly node?: JsonRpc;
  readonly chain?: { head(): Promise<ChainHead> };
  readonly options?: Partial<RelayOptions>;
}

const block = { height: 7n, hash: ZERO_HASH, timestamp: 1n };
export const testHead: ChainHead = { latest: block, finalized: { ...block, height: 5n } };

/** A whole relay on a port of its own, over the validators that a test gives it. */
export async function startTestRelay(setup: TestRelayOptions = {}): Promise<TestRelay> {
  const net = setup.net ?? createTestNetwork();
  const records: string[] = [];
  const broken: unknown[] = [];
  const relay = await startRelay(
    {
      listen: { host: '127.0.0.1', port: 0 },
      allowedOrigins: [],
      rateLimits: { requestsPerMinute: 100_000, pagesPerMinute: 100_000, paymentsPerMinute: 100_000 },
      trustProxy: 0,
      version: '0.1.0',
      ...setup.options,
    },
    {
      network: net.network,
      context: net.context,
      validators: setup.validators ?? net.network.committee.members.map((_, signer) => handMadeClient(net, signer)),
      node: setup.node ?? { request: () => Promise.resolve('0x7a69') },
      chain: setup.chain ?? { head: () => Promise.resolve(testHead) },
      log: createLog('debug', { write: (record) => records.push(record) }),
      onBroken: (error) => broken.push(error),
    },
  );
  return {
    ...relay,
    net,
    records,
    broken,
    async json(path, body, headers = {}) {
      const post = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${relay.url}${path}`, body === undefined ? { headers } : { ...post, body: text });
      const answer = await response.text();
      return { response, body: answer === '' ? undefined : JSON.parse(answer) };
    },
  };
}
