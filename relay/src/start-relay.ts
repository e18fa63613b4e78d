import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { VerificationContext } from '@fastpay/crypto';
import { type CommitCertificate, type Network, SKIP } from '@fastpay/protocol';
import type { ChainHead, PaymentEvent } from '@fastpay/rpc';
import type { JsonRpc } from '@fastpay/tempo';
import { createCertificateCache } from './certificate-cache.ts';
import { collectPromises } from './collect/collect-promises.ts';
import { type Collected, collectValue } from './collect/collect-value.ts';
import type { DrivenValue } from './collect/driven-value.ts';
import type { RelayConfig } from './config/schema.ts';
import { relayService } from './connect/service.ts';
import { createDelivery, type DeliveryOutcome } from './delivery.ts';
import { createEventHub } from './event-hub.ts';
import { followBulletin } from './follow-bulletin.ts';
import { watchHealth } from './health.ts';
import { createApp } from './http/app.ts';
import { relayLimits } from './limits.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createPaymentRuns } from './payment-runs.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRelay } from './relay.ts';
import { createRoutes } from './rest/routes.ts';
import { noSponsor } from './sponsor/sponsor.ts';
import { startSponsor } from './sponsor/start-sponsor.ts';
import { createSupply } from './supply.ts';
import { createChainHead } from './tempo/chain-head.ts';
import { createJsonRpcGateway } from './tempo/json-rpc-gateway.ts';
import type { ValidatorClient } from './upstream/validator-client.ts';

export type RelayOptions = Pick<
  RelayConfig,
  'listen' | 'sponsor' | 'walletDirectory' | 'devnetUrl' | 'allowedOrigins' | 'rateLimits' | 'trustProxy'
> & { readonly version: string };

interface StartDependencies {
  readonly network: Network;
  readonly context: VerificationContext;
  readonly validators: readonly ValidatorClient[];
  /** JSON-RPC of a Tempo node. */
  readonly node: JsonRpc;
  readonly chain: { head(): Promise<ChainHead> };
  readonly log: Log;
  /** A broken invariant: the process must not go on. */
  onBroken(error: unknown): void;
}

export interface RunningRelay {
  readonly url: string;
  /** Takes no more requests, lets what runs end, and closes every connection. */
  stop(): Promise<void>;
}

/**
 * Builds the relay from its parts and serves it.
 * @throws ConfigError when its sponsor cannot pay, Error when the port cannot be listened on.
 */
export async function startRelay(options: RelayOptions, dependencies: StartDependencies): Promise<RunningRelay> {
  const { network, context, validators, node, chain, log, onBroken } = dependencies;
  const metrics = createMetrics();
  const now = () => Date.now();
  const stopping = new AbortController();
  const cache = createCertificateCache({ entries: relayLimits.cacheEntries, bytes: relayLimits.cacheBytes });
  const hub = createEventHub(relayLimits, { context, cache, now, onSlowWatcher: () => metrics.watchersCut.inc() });
  const onMisbehaviour = (signer: number, problem: string) => {
    metrics.misbehaviour.inc({ signer: `${signer}` });
    log.warn({ signer, problem }, 'an answer does not verify');
  };
  const deliveries = new Map(
    validators.map((validator) => {
      const onOutcome = (outcome: DeliveryOutcome) => {
        metrics.deliveries.inc({ signer: `${validator.signer}`, outcome });
      };
      return [validator.signer, createDelivery(relayLimits.delivery, { validator, onBroken, onOutcome })] as const;
    }),
  );
  const collectorFor = (driven: Pick<DrivenValue, 'slot' | 'signedOrder'>) => ({
    context,
    validators,
    supply: createSupply(driven, { context, cache, validators }),
    grace: () => delay(relayLimits.stallGraceMs),
    patience: () => delay(relayLimits.promiseGraceMs),
    onMisbehaviour,
  });
  const handOn = (certificate: CommitCertificate) => {
    hub.resolved(certificate);
    for (const delivery of deliveries.values()) delivery.add(certificate);
  };
  const runs = createPaymentRuns(
    { runs: relayLimits.runs, timeoutMs: relayLimits.paymentTimeoutMs },
    {
      collect: (driven, emit, signal) => {
        const emitAndKeep = (event: PaymentEvent) => {
          if (event.type === 'quorum') cache.add(event.certificate);
          emit(event);
        };
        return collectValue(driven, emitAndKeep, collectorFor(driven), signal);
      },
      onEnd: (collected, seconds) => {
        metrics.payments.inc({ outcome: outcomeOf(collected) });
        if (collected.type !== 'resolved') return;
        metrics.paymentSeconds.observe(seconds);
        handOn(collected.certificate);
      },
    },
  );
  const health = watchHealth(
    { network, intervalMs: relayLimits.healthIntervalMs, timeoutMs: relayLimits.healthTimeoutMs },
    { validators, now, onBroken, onReturn: (signer) => deliveries.get(signer)?.wake() },
  );
  const limitOf = (limit: string, perMinute: number, what: string) =>
    createRateLimit({ perMinute, what }, { onLimited: () => metrics.limited.inc({ limit }) });
  const senderLimit = limitOf('sender', options.rateLimits.paymentsPerMinute, 'payments of this account');
  const pageLimit = limitOf('pages', options.rateLimits.pagesPerMinute, 'pages asked for from this address');
  const addressLimit = limitOf('address', options.rateLimits.requestsPerMinute, 'requests from this address');
  const relay = createRelay(network, {
    context,
    validators,
    cache,
    runs,
    collectPromises: (submission, signal) => collectPromises(submission, collectorFor(submission.newRound), signal),
    deliveries,
    handOn,
    hub,
    health,
    senderLimit,
    pageLimit,
    onMisbehaviour,
  });
  const chainHead = createChainHead({ maxAgeMs: relayLimits.chainHeadMaxAgeMs }, { chain, now });
  const paying = options.sponsor
    ? startSponsor(options.sponsor, { network, context, node, chain, log, metrics, now, onBroken })
    : undefined;
  const sponsor = paying ?? noSponsor;
  const { devnetUrl, walletDirectory } = options;
  const app = createApp(
    { ...options, devnetUrl, walletDirectory },
    {
      service: relayService({ relay, sponsor, chainHead, stopping: stopping.signal, now }),
      routes: createRoutes({
        relay,
        sponsor,
        devnetUrl,
        chainHead,
        tempo: createJsonRpcGateway({ node }),
        randomBytes,
      }),
      addressLimit,
      log,
      metrics,
      unready: () => (health.isSettled ? undefined : 'the validators have not been looked at yet'),
    },
  );

  metrics.gauge('payments_running', 'Payments being driven', () => runs.active);
  metrics.gauge('watchers', 'Open account streams', () => hub.watchers);
  metrics.gauge('cached_payments', 'Payments whose certificates are cached', () => cache.size);
  metrics.gaugeBySigner('deliveries_waiting', 'Certificates that a validator does not have yet', () =>
    [...deliveries].map(([signer, { waiting }]) => [signer, waiting]),
  );
  metrics.gaugeBySigner('validator_reachable', '1 while the validator answers', () =>
    health.statuses().map(({ signer, reachable }) => [signer, Number(reachable)]),
  );

  for (const validator of validators) {
    followBulletin(relayLimits.watch, { validator, hub, onMisbehaviour }, stopping.signal).catch(onBroken);
  }
  const server = createServer(
    { requestTimeout: relayLimits.requestTimeoutMs, headersTimeout: relayLimits.headersTimeoutMs },
    app,
  );
  server.maxConnections = relayLimits.connections;
  const stopParts = () => {
    stopping.abort();
    health.stop();
    paying?.stop();
    for (const part of [...deliveries.values(), senderLimit, pageLimit, addressLimit]) part.stop();
    for (const validator of validators) validator.close();
  };
  try {
    server.listen(options.listen.port, options.listen.host);
    await once(server, 'listening');
  } catch (error) {
    stopParts();
    throw error;
  }

  return {
    url: urlOf(options.listen.host, server.address() as AddressInfo),
    async stop() {
      stopping.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that has answered is idle, and would be kept alive.
      const sweep = setInterval(() => server.closeIdleConnections(), relayLimits.sweepMs);
      const patience = delay(relayLimits.drainMs, undefined, { ref: false });
      await Promise.race([Promise.all([closed, runs.idle()]), patience]);
      clearInterval(sweep);
      stopParts();
      server.closeAllConnections();
      await closed;
    },
  };
}

function outcomeOf(collected: Collected): string {
  if (collected.type === 'stalled') return collected.reject.code;
  return collected.certificate.value === SKIP ? 'skipped' : 'paid';
}

function urlOf(host: string, { port }: AddressInfo): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
