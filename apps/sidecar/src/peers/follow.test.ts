import { type Evidence, RejectError } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMetrics } from '../observe/metrics.ts';
import { backoffMs } from './backoff.ts';
import { followPeer } from './follow.ts';
import { peerLimits } from './limits.ts';
import type { Peer } from './peer.ts';
import type { Positions } from './positions.ts';
import { BEGINNING, type Position } from './pull.ts';
import { inTurn, paymentsOf, peerOf, unixMs, validators } from './testing/committee.fixtures.ts';

let stopping: AbortController;
beforeEach(() => {
  stopping = new AbortController();
});
afterEach(() => stopping.abort());

function inMemory(): Positions {
  const positions = new Map<number, Position>();
  return {
    of: (signer) => positions.get(signer) ?? BEGINNING,
    move: (signer, position) => positions.set(signer, position),
    save: () => Promise.resolve(),
  };
}

function follow(validator: Validator, peers: readonly Peer[]) {
  const evidence: Evidence[] = [];
  const metrics = createMetrics({ withProcess: false });
  const caughtUp = new Set<number>();
  const { signal } = stopping;
  const loops = peers.map((peer) =>
    followPeer(
      peer,
      { intervalMs: 5 },
      {
        validator,
        unixMs,
        inTurn,
        positions: inMemory(),
        metrics,
        log: pino({ level: 'silent' }),
        onEvidence: (found) => evidence.push(found),
        onCaughtUp: (signer) => caughtUp.add(signer),
        monotonicMs: () => performance.now(),
        signal,
      },
    ),
  );
  return { metrics, caughtUp, evidence, ended: Promise.all(loops) };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('takes in from an honest peer while others lie, hang or cannot be reached', async () => {
  const { world, all } = validators();
  const [away, honest, lying] = all as [Validator, Validator, Validator];
  const { certificates } = await paymentsOf(world, 1, 60);
  for (const certificate of certificates) await honest.resolve(certificate, { nowMs: unixMs() });
  const hanging = () => new Promise<never>(() => undefined);
  const unreachable = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));
  let lies = 0;
  const startedMs = performance.now();
  const [first] = certificates;
  if (!first) throw new Error('no certificates');
  const { metrics, caughtUp } = follow(away, [
    peerOf(lying, 0, {
      certificates: async () => {
        lies++;
        const certificate = { ...first, signatures: first.signatures.slice(1) };
        return { certificates: [certificate], nextCursor: 1n, hasMore: true, storeId: lying.storeId() };
      },
    }),
    peerOf(honest, 1),
    peerOf(honest, 2, { certificates: hanging }),
    peerOf(honest, 3, { certificates: unreachable }),
  ]);
  await until(() => caughtUp.has(1));
  expect(away.counters().slotsResolved).toBe(60n);
  expect([...caughtUp]).toEqual([1]);
  // Left alone for a while after each lie.
  expect(lies).toBeLessThanOrEqual(1 + (performance.now() - startedMs) / (peerLimits.firstBackoffMs / 2));
  await until(async () => (await metrics.pullFailures.get()).values.length === 2);
  const { values } = await metrics.pullFailures.get();
  expect(values.map(({ labels }) => labels.kind).sort()).toEqual(['lie', 'unreachable']);
});

it('hands on what the peer has published of validators that lied', async () => {
  const { world, all } = validators();
  const [away, honest] = all as [Validator, Validator];
  const { payments } = await paymentsOf(world, 1, 2);
  const [first, second] = payments.map(({ qc: { epoch, slot, round, value, signatures } }) => {
    const [signature] = signatures;
    if (!signature) throw new Error('no signature');
    return { epoch, slot, round, value, signature };
  });
  if (!first || !second) throw new Error('two payments expected');
  const published: Evidence = { type: 'votes', first, second };
  const { evidence } = follow(away, [peerOf(honest, 1, { evidence: async () => [published] })]);
  await until(() => evidence.length > 0);
  expect(evidence).toEqual([published]);
});

it('ends at once when the process stops, also in the middle of a wait', async () => {
  const { all } = validators();
  const [away, honest] = all as [Validator, Validator];
  const { caughtUp, ended } = follow(away, [peerOf(honest, 1)]);
  await until(() => caughtUp.has(1));
  stopping.abort();
  await ended;
});

it('does not hide an error of its own behind the peer', async () => {
  const { all } = validators();
  const [away, honest] = all as [Validator, Validator];
  const broken = { ...away, resolve: () => Promise.reject(new TypeError('a bug')) };
  const { world } = validators();
  const { certificates } = await paymentsOf(world, 1, 1);
  const [certificate] = certificates;
  if (!certificate) throw new Error('no certificate');
  await honest.resolve(certificate, { nowMs: unixMs() });
  await expect(follow(broken, [peerOf(honest, 1)]).ended).rejects.toThrow('a bug');
});

it('waits longer after each failure, up to a bound, and never the same for all', () => {
  const longest = Array.from({ length: 20 }, (_, index) => backoffMs(index + 1, () => 1));
  expect(longest[0]).toBe(peerLimits.firstBackoffMs);
  expect(longest).toEqual([...longest].sort((left, right) => left - right));
  expect(longest.at(-1)).toBe(peerLimits.lastBackoffMs);
  expect(backoffMs(1, () => 0)).toBe(peerLimits.firstBackoffMs / 2);
});
