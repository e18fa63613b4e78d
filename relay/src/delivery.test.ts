import { type CommitCertificate, RejectError, toSequence } from '@fastpay/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDelivery, type DeliveryOutcome } from './delivery.ts';
import { handMadeValidator } from './testing/hand-made-validator.fixtures.ts';
import { alice, createTestNetwork } from './testing/network.fixtures.ts';

const net = createTestNetwork();
let certificates: readonly CommitCertificate[];

beforeEach(async () => {
  certificates = await Promise.all(
    [0n, 1n, 2n, 3n].map(async (sequence) =>
      net.commitCertificate(await net.sign(alice, { sequence: toSequence(sequence) }), [0, 1, 2]),
    ),
  );
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup(resolve: (certificate: CommitCertificate) => Promise<void>, queue = 10) {
  const outcomes: DeliveryOutcome[] = [];
  const attempts: number[] = [];
  const broken: unknown[] = [];
  const started = Date.now();
  const validator = handMadeValidator(net, 0, {
    resolve: (certificate) => {
      attempts.push(Date.now() - started);
      return resolve(certificate);
    },
  });
  const delivery = createDelivery(
    { queue, batch: 2, backoffMs: { first: 100, longest: 400 } },
    { validator, onOutcome: (outcome) => outcomes.push(outcome), onBroken: (error) => broken.push(error) },
  );
  const add = (count: number) => {
    for (const certificate of certificates.slice(0, count)) delivery.add(certificate);
  };
  return { delivery, outcomes, attempts, broken, add };
}
const unavailable = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'down'));

test('everything is handed over, in batches', async () => {
  const { delivery, outcomes, add } = setup(() => Promise.resolve());
  add(3);
  expect(delivery.waiting).toBe(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toEqual(['delivered', 'delivered', 'delivered']);
  expect(delivery.waiting).toBe(0);
  add(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toHaveLength(4);
});

test('while the validator is down it is tried again with a growing, bounded delay', async () => {
  const { delivery, attempts, add } = setup(unavailable);
  add(1);
  await vi.advanceTimersByTimeAsync(1_600);
  expect(attempts).toEqual([0, 100, 300, 700, 1_100, 1_500]);
  expect(delivery.waiting).toBe(1);
  delivery.stop();
});

test('a validator that returned does not wait for the end of the delay', async () => {
  let isDown = true;
  const { delivery, outcomes, attempts, add } = setup(() => (isDown ? unavailable() : Promise.resolve()));
  add(1);
  await vi.advanceTimersByTimeAsync(750);
  isDown = false;
  delivery.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes.at(-1)).toBe('delivered');
  expect(attempts.at(-1)).toBe(750);
});

test('one that is refused for good is not tried again', async () => {
  const { delivery, outcomes, add } = setup(() => Promise.reject(new RejectError('INVALID_CERTIFICATE', 'no')));
  add(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(outcomes).toEqual(['refused']);
  expect(delivery.waiting).toBe(0);
});

test('one that never succeeds does not hold up the rest', async () => {
  const { outcomes, delivery, add } = setup((certificate) =>
    certificate === certificates[0] || certificate === certificates[1] ? unavailable() : Promise.resolve(),
  );
  add(4);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(2);
  expect(delivery.waiting).toBe(2);
  delivery.stop();
});

test('when the queue is full the oldest goes, and is counted', async () => {
  const { delivery, outcomes, add } = setup(unavailable, 2);
  add(2);
  await vi.advanceTimersByTimeAsync(10);
  add(4);
  expect(outcomes.filter((outcome) => outcome === 'dropped')).toHaveLength(2);
  expect(delivery.waiting).toBe(2);
  delivery.stop();
});

test('one that is handed in again and again takes one place, and pushes nothing out', async () => {
  let isDown = true;
  const reached: bigint[] = [];
  const { delivery, outcomes, add } = setup((certificate) => {
    if (isDown) return unavailable();
    reached.push(certificate.slot.sequence);
    return Promise.resolve();
  }, 3);
  add(3);
  await vi.advanceTimersByTimeAsync(10);
  // Tried just now, or waiting: neither makes room for a second one.
  for (let count = 0; count < 20; count++) add(1);
  await vi.advanceTimersByTimeAsync(10);
  for (let count = 0; count < 20; count++) add(2);
  expect(delivery.waiting).toBe(3);
  isDown = false;
  delivery.wake();
  await vi.advanceTimersByTimeAsync(10);
  expect(outcomes).not.toContain('dropped');
  expect(reached.toSorted()).toEqual([0n, 1n, 2n]);
});

test('a bug is not taken for a refusal', async () => {
  const bug = new TypeError('broken');
  const { broken, add } = setup(() => Promise.reject(bug));
  add(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(broken).toEqual([bug]);
});
