import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { RelayService } from '@fastpay/rpc';
import { clientLimits } from '../limits.ts';
import { createBoundedFetch } from './bounded-fetch.ts';

export interface RelayCallsOptions {
  /** Where the relay is served, for example `https://pay.example`. */
  readonly baseUrl: string;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
}

/** The calls of a relay, over Connect; of an answer no more is read than it may have. */
export function createRelayCalls({
  baseUrl,
  fetch = globalThis.fetch.bind(globalThis),
}: RelayCallsOptions): Client<typeof RelayService> {
  const boundedFetch = createBoundedFetch(fetch, clientLimits.answerBytes);
  return createClient(RelayService, createConnectTransport({ baseUrl, useBinaryFormat: true, fetch: boundedFetch }));
}
