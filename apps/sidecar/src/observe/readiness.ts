import type { Page } from '../server/routes.ts';
import type { Log } from './log.ts';

/** Says why something is not ready, or nothing when it is. */
export type Check = () => string | undefined;

export interface Readiness {
  readonly ready: boolean;
  /** By the name of the check. */
  readonly reasons: Readonly<Record<string, string>>;
}

export function readinessOf(checks: Readonly<Record<string, Check>>): Readiness {
  const reasons: Record<string, string> = {};
  for (const [name, check] of Object.entries(checks)) {
    const reason = check();
    if (reason !== undefined) reasons[name] = reason;
  }
  return { ready: Object.keys(reasons).length === 0, reasons };
}

/** `/readyz`: 200 when this validator can vote, else 503 with the reasons; `facts` tell where it stands. */
export function readyPage(readiness: Readiness, facts: Readonly<Record<string, unknown>>): Page {
  const body = JSON.stringify({ ...readiness, ...facts }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return { status: readiness.ready ? 200 : 503, type: 'application/json', body: `${body}\n` };
}

/** Logs when readiness changes; called after every look at the chain. */
export function createReadinessLog(readiness: () => Readiness, log: Log): () => void {
  let before: boolean | undefined;
  return () => {
    const { ready, reasons } = readiness();
    if (ready === before) return;
    before = ready;
    if (ready) log.info('able to vote');
    else log.warn({ reasons }, 'not able to vote');
  };
}
