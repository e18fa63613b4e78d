import { toAddress, toHash } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { createMetrics } from '../observe/metrics.ts';
import { createAccountLimit } from './account-limit.ts';
import { createGate } from './admission.ts';

const limits = {
  connections: 10,
  requestsInFlight: 2,
  streams: 2,
  streamsPerAddress: 1,
  requestsPerSecondPerAddress: 10,
  requestBurstPerAddress: 5,
  paymentsPerSecondPerAccount: 10,
  paymentBurstPerAccount: 2,
  pagesPerSecondPerAddress: 50,
};

const account = {
  owner: toAddress(`0x${'aa'.repeat(20)}`),
  asset: toAddress('0x20c0000000000000000000000000000000000000'),
};
const order = (byte: string) => toHash(`0x${byte.repeat(32)}`);

function gate() {
  const metrics = createMetrics({ withProcess: false });
  return { metrics, gate: createGate(limits, { metrics, nowMs: () => 0 }) };
}

it('bounds the requests in flight and gives their places back', () => {
  const { gate: subject } = gate();
  const first = subject.admit('unary', 'a');
  subject.admit('unary', 'b');
  expect(subject.admit('unary', 'c').refusal?.code).toBe('TEMPORARILY_UNAVAILABLE');
  first.release();
  expect(subject.admit('unary', 'c').refusal).toBeUndefined();
});

it('bounds streams in all and for one address', () => {
  const { gate: subject } = gate();
  expect(subject.admit('stream', 'a').refusal).toBeUndefined();
  expect(subject.admit('stream', 'a').refusal?.facts.retryAfterMs).toBe(250);
  expect(subject.admit('stream', 'b').refusal).toBeUndefined();
  expect(subject.admit('stream', 'c').refusal?.code).toBe('TEMPORARILY_UNAVAILABLE');
});

it('limits the rate of one address, tells when to come back and counts it', async () => {
  const { gate: subject, metrics } = gate();
  for (let index = 0; index < limits.requestBurstPerAddress; index++) subject.admit('unary', 'a').release();
  const { refusal } = subject.admit('unary', 'a');
  expect(refusal?.code).toBe('RATE_LIMITED');
  expect(refusal?.facts.retryAfterMs).toBe(100);
  expect(subject.admit('unary', 'b').refusal).toBeUndefined();
  expect(await metrics.registry.metrics()).toContain('fastpay_limited_total{limit="address"} 1');
});

it('limits the new payments of one account', () => {
  const limit = createAccountLimit(limits, { metrics: createMetrics({ withProcess: false }), nowMs: () => 0 });
  for (const byte of ['01', '02']) {
    limit.check(account, order(byte));
    limit.charge(account, order(byte));
  }
  expect(() => limit.check(account, order('03'))).toThrow('too many payments');
  expect(() => limit.check({ ...account, owner: toAddress(`0x${'bb'.repeat(20)}`) }, order('03'))).not.toThrow();
});

it('charges an order once, and an order that was only asked about never', () => {
  const limit = createAccountLimit(limits, { metrics: createMetrics({ withProcess: false }), nowMs: () => 0 });
  for (let index = 0; index < 100; index++) limit.check(account, order('0f'));
  for (let index = 0; index < 100; index++) {
    limit.check(account, order('01'));
    limit.charge(account, order('01'));
  }
  expect(() => limit.check(account, order('02'))).not.toThrow();
  limit.charge(account, order('02'));
  expect(() => limit.check(account, order('02'))).not.toThrow();
  expect(() => limit.check(account, order('03'))).toThrow('too many payments');
});
