import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type Metrics = ReturnType<typeof createMetrics>;

/** Every metric of the sidecar, on a registry of its own. Labels come from fixed lists, never from a request. */
export function createMetrics({ withProcess = true }: { readonly withProcess?: boolean } = {}) {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });

  return {
    registry,
    requests: new Counter({
      name: 'fastpay_requests_total',
      help: 'Requests answered, by method and outcome (ok, canceled, internal, or a reject code)',
      labelNames: ['method', 'outcome'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'fastpay_request_seconds',
      help: 'Time from request to answer of unary methods',
      labelNames: ['method'] as const,
      buckets: LATENCY_SECONDS,
      registers,
    }),
    votes: counter('fastpay_votes_total', 'Votes signed since the store was made'),
    commits: counter('fastpay_commits_total', 'Commits signed since the store was made'),
    resolutions: counter('fastpay_resolutions_total', 'Slots resolved since the store was made'),
    rejects: new Counter({
      name: 'fastpay_rejects_total',
      help: 'Refusals by reject code',
      labelNames: ['code'] as const,
      registers,
    }),
    alarms: gauge('fastpay_safety_alarms', 'Accounts of which an assumption of the protocol is broken: look now'),
    deposits: counter('fastpay_deposits_total', 'Finalized deposits taken in'),
    exits: counter('fastpay_exit_events_total', 'Finalized exit events taken in'),
    settlements: new Counter({
      name: 'fastpay_settlements_total',
      help: 'Stage changes of settled payments seen on chain',
      labelNames: ['stage'] as const,
      registers,
    }),
    latestHeight: gauge('fastpay_chain_latest_height', 'Height of the latest block that the node reported'),
    finalizedHeight: gauge('fastpay_chain_finalized_height', 'Height of the finalized block that the node reported'),
    appliedHeight: gauge('fastpay_chain_applied_height', 'Height of the last finalized block taken into the ledger'),
    finalizedAge: gauge('fastpay_chain_finalized_age_seconds', 'Age of the last finalized block taken in'),
    chainErrors: counter('fastpay_chain_errors_total', 'Looks at the chain that failed'),
    chainBackwards: counter('fastpay_chain_backwards_total', 'Times the node reported an older head than before'),
    chainForeign: gauge('fastpay_chain_foreign', '1 while the node is on another chain than the store'),
    storeWriteSeconds: new Histogram({
      name: 'fastpay_store_write_seconds',
      help: 'Time until a batch is durable',
      buckets: LATENCY_SECONDS,
      registers,
    }),
    markerWriteSeconds: new Histogram({
      name: 'fastpay_marker_write_seconds',
      help: 'Time until the signing marker is durable',
      buckets: LATENCY_SECONDS,
      registers,
    }),
    connections: gauge('fastpay_connections', 'Open connections'),
    connectionsDropped: new Counter({
      name: 'fastpay_connections_dropped_total',
      help: 'Connections closed by the sidecar, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    inFlight: gauge('fastpay_requests_in_flight', 'Requests being worked on'),
    streams: gauge('fastpay_streams', 'Open StreamPayment and WatchBulletin calls'),
    streamOverflows: counter('fastpay_stream_overflows_total', 'Times a slow stream went back to reading the store'),
    limited: new Counter({
      name: 'fastpay_limited_total',
      help: 'Requests refused by a limit: rate by address or account, requests in flight, streams',
      labelNames: ['limit'] as const,
      registers,
    }),
    observing: gauge('fastpay_observing', '1 while it signs nothing, because its store was lost or rolled back'),
    evidence: gauge('fastpay_evidence', 'Proofs kept that a validator broke the protocol: look now'),
    evidenceDropped: counter('fastpay_evidence_dropped_total', 'Reports of evidence that did not fit in the queue'),
    pulled: new Counter({
      name: 'fastpay_pulled_certificates_total',
      help: 'Certificates that were first heard of from a peer, by peer',
      labelNames: ['peer'] as const,
      registers,
    }),
    pullFailures: new Counter({
      name: 'fastpay_pull_failures_total',
      help: 'Looks at a peer that failed, by peer and kind: unreachable, limited, or lie',
      labelNames: ['peer', 'kind'] as const,
      registers,
    }),
    caughtUp: gauge('fastpay_caught_up_peers', 'Peers of whom everything was known here at some time since the start'),
    duties: new Counter({
      name: 'fastpay_duties_total',
      help: 'Slots left open by their owners that this validator tried to end, by duty (close, finish) and result',
      labelNames: ['duty', 'result'] as const,
      registers,
    }),
    ready: gauge('fastpay_ready', '1 while /readyz says yes'),
  };
}
