import type { Validator } from '@fastpay/validator';
import type { ChainState } from '../chain/state.ts';
import type { Peers } from '../peers/peers.ts';
import type { Page } from '../server/routes.ts';
import type { Metrics } from './metrics.ts';
import { type Readiness, readyPage } from './readiness.ts';

export interface PagesDependencies {
  readonly validator: Pick<Validator, 'counters' | 'mode' | 'evidence'>;
  readonly peers: Pick<Peers, 'hasCaughtUp' | 'caughtUpWith'>;
  readonly chain: ChainState;
  /** Whether nothing on the chain is real. */
  readonly isSimulated: boolean;
  readonly metrics: Metrics;
  readonly readiness: () => Readiness;
  readonly unixMs: () => number;
}

/** More are not told apart: one is enough to look. */
const MAX_EVIDENCE_COUNTED = 100;

/** `/healthz`, `/readyz` and `/metrics`. */
export function createPages({
  validator,
  peers,
  chain,
  isSimulated,
  metrics,
  readiness,
  unixMs,
}: PagesDependencies): Record<string, () => Page | Promise<Page>> {
  return {
    '/healthz': () => ({ status: 200, type: 'application/json', body: '{"healthy":true}\n' }),

    '/readyz': () => {
      const head = chain.head();
      return readyPage(readiness(), {
        chain: {
          ...(isSimulated && { simulated: true }),
          latest: head?.latest.height,
          finalized: head?.finalized.height,
          applied: chain.applied()?.height,
        },
        mode: validator.mode(),
        peers: { caughtUp: peers.hasCaughtUp(), with: peers.caughtUpWith() },
      });
    },

    '/metrics': async () => {
      const applied = chain.applied();
      const { votesSigned, commitsSigned, slotsResolved } = validator.counters();
      setCounter(metrics.votes, votesSigned);
      setCounter(metrics.commits, commitsSigned);
      setCounter(metrics.resolutions, slotsResolved);
      metrics.observing.set(validator.mode() === 'observing' ? 1 : 0);
      metrics.evidence.set(validator.evidence(MAX_EVIDENCE_COUNTED).length);
      metrics.ready.set(readiness().ready ? 1 : 0);
      if (applied) metrics.finalizedAge.set(Math.max(0, unixMs() / 1_000 - Number(applied.timestamp)));
      return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
    },
  };
}

/** Counted durably elsewhere: what Prometheus sees goes on where it was before a restart. */
function setCounter(counter: Metrics['votes'], total: bigint): void {
  counter.reset();
  counter.inc(Number(total));
}
