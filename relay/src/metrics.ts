import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

export type Metrics = ReturnType<typeof createMetrics>;

/** Every metric of the relay, on a registry of its own. Labels come from fixed lists, never from a request. */
export function createMetrics({ withProcess = true }: { readonly withProcess?: boolean } = {}) {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `fastpay_relay_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Histogram({ name: `fastpay_relay_${name}`, help, labelNames, buckets: SECONDS, registers });

  return {
    registry,
    requests: counter('requests_total', 'Requests answered, by route and HTTP status', 'route', 'status'),
    requestSeconds: histogram('request_seconds', 'Time until a request was answered or a stream ended', 'route'),
    payments: counter(
      'payments_total',
      'Orders and proposals driven to an end: paid, skipped, or the code they stalled with',
      'outcome',
    ),
    paymentSeconds: histogram('payment_seconds', 'Time from a verified order to its commit certificate'),
    deliveries: counter(
      'deliveries_total',
      'Certificates handed to a validator in the background: delivered, postponed, refused or dropped',
      'signer',
      'outcome',
    ),
    misbehaviour: counter('misbehaviour_total', 'Answers of a validator that did not verify', 'signer'),
    limited: counter('limited_total', 'Requests refused by a rate limit: address, pages or sender', 'limit'),
    sponsorSigned: counter('sponsor_signed_total', 'Deposits whose gas this relay promised to pay'),
    sponsorDeposits: counter('sponsor_deposits_total', 'What became of them: included, reverted, or unused', 'outcome'),
    sponsorSpent: counter('sponsor_spent_units_total', 'Base units that their gas did cost'),
    sponsorRefusals: counter('sponsor_refusals_total', 'Deposits that were not paid for, by reason', 'reason'),
    watchersCut: counter('watchers_cut_total', 'Watchers cut because they read too slowly'),
    /** Reads a value when it is scraped. */
    gauge(name: string, help: string, read: () => number): void {
      new Gauge({
        name: `fastpay_relay_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    gaugeBySigner(name: string, help: string, read: () => readonly (readonly [signer: number, value: number])[]): void {
      new Gauge({
        name: `fastpay_relay_${name}`,
        help,
        labelNames: ['signer'],
        registers,
        collect() {
          for (const [signer, value] of read()) this.set({ signer: `${signer}` }, value);
        },
      });
    },
  };
}
