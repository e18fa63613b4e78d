import type { ChainState } from '../chain/state.ts';
import type { Page } from '../server/routes.ts';
import type { Metrics } from './metrics.ts';
import { type Check, readinessOf, readyPage } from './readiness.ts';

export interface PagesDependencies {
  readonly chain: ChainState;
  readonly metrics: Metrics;
  /** What /readyz asks besides the chain. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly unixMs: () => number;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function createPages({
  chain,
  metrics,
  checks,
  unixMs,
}: PagesDependencies): Record<string, () => Page | Promise<Page>> {
  const readiness = () => readinessOf({ ...checks, chain: chain.notReadyReason });

  return {
    '/healthz': () => ({ status: 200, type: 'application/json', body: '{"healthy":true}\n' }),

    '/readyz': () => {
      const head = chain.head();
      return readyPage(readiness(), {
        chain: {
          latest: head?.latest.height,
          finalized: head?.finalized.height,
          applied: chain.applied()?.height,
        },
      });
    },

    '/metrics': async () => {
      const applied = chain.applied();
      metrics.ready.set(readiness().ready ? 1 : 0);
      if (applied) metrics.finalizedAge.set(Math.max(0, unixMs() / 1_000 - Number(applied.timestamp)));
      return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
    },
  };
}
