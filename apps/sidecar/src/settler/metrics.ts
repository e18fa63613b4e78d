import type { Outcome } from '@fastpay/tempo';
import { Counter, Gauge, type Registry } from 'prom-client';

export type SettlerMetrics = ReturnType<typeof createSettlerMetrics>;

/** What an operator needs to know about settling. Tokens are counted in base units. */
export function createSettlerMetrics(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const balance = gauge(
    'fastpay_settler_balance_units',
    'Base units of the fee token that the settlement key has for gas, read at least every 30 s; not a number (`Nan`) until it was read',
  );
  balance.set(Number.NaN);
  return {
    queued: gauge('fastpay_settler_queued', 'Payments that wait for a block, at most as many as are looked at at once'),
    oldestSeconds: gauge('fastpay_settler_oldest_seconds', 'Age of the oldest payment that waits for a block'),
    inFlight: gauge('fastpay_settler_in_flight', 'Batches sent by this validator that were not seen in a block yet'),
    batches: new Counter({
      name: 'fastpay_settler_batches_total',
      help: 'Batches sent, by form: attested by the committee, or committed, by the commits of each certificate',
      labelNames: ['form'] as const,
      registers,
    }),
    results: new Counter({
      name: 'fastpay_settler_results_total',
      help: 'What became of batches sent: included, failed, or expired without being in a block',
      labelNames: ['result'] as const,
      registers,
    }),
    settled: counter('fastpay_settler_settled_total', 'Slots used up by batches of this validator'),
    passedOver: new Counter<'reason'>({
      name: 'fastpay_settler_passed_over_total',
      help: 'Entries that the reserve would not settle yet, by its reason',
      labelNames: ['reason'],
      registers,
    }),
    failures: counter('fastpay_settler_failures_total', 'Attempts to settle that failed'),
    refusals: counter('fastpay_settler_refusals_total', 'Attestations that another validator did not give'),
    spent: counter('fastpay_settler_spent_units_total', 'Base units of the fee token paid for gas'),
    earned: counter('fastpay_settler_earned_units_total', 'Base units of fees of payments that this validator settled'),
    balance,
    exitsAtRisk: gauge(
      'fastpay_settler_exits_at_risk',
      'Accounts that can exit soon with payments unsettled: look now',
    ),
  };
}

export function isFault(outcome: Outcome): boolean {
  return !['SETTLED', 'ALREADY_SETTLED', 'NOT_REACHED', 'INSUFFICIENT_BALANCE', 'OUT_OF_ORDER'].includes(outcome);
}
