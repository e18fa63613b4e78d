import { type CommitCertificate, RejectError, toHash } from '@fastpay/protocol';
import type { AccountEvent, BulletinEvent } from '@fastpay/rpc';
import { afterEach, describe, expect, test } from 'vitest';
import { createCertificateCache } from './certificate-cache.ts';
import { createEventHub } from './event-hub.ts';
import { alice, bob, carol, createTestNetwork } from './testing/network.fixtures.ts';

const net = createTestNetwork();
const stop: AbortController[] = [];
afterEach(() => {
  for (const controller of stop.splice(0)) controller.abort();
});

function setup(
  changes: { watchers?: number; watchersPerClient?: number; watcherBuffer?: number; keepAliveMs?: number } = {},
) {
  const cache = createCertificateCache({ entries: 100, bytes: 1_000_000 });
  let cut = 0;
  const hub = createEventHub(
    { watchers: 10, watchersPerClient: 5, watcherBuffer: 10, keepAliveMs: 60_000, rememberedEvents: 100, ...changes },
    { context: net.context, cache, now: () => 7, onSlowWatcher: () => cut++ },
  );
  const watch = (owner: typeof alice, client = 'client') => {
    const controller = new AbortController();
    stop.push(controller);
    const events = hub.watch(owner.address, client, controller.signal)[Symbol.asyncIterator]();
    const next = async (): Promise<AccountEvent | undefined> => {
      const { value, done } = await events.next();
      return done ? undefined : value;
    };
    return { next, controller };
  };
  return { hub, cache, watch, cut: () => cut };
}

const block = { height: 5n, hash: toHash(`0x${'0b'.repeat(32)}`), timestamp: 9n };
const deposit = (amount: bigint): BulletinEvent => ({
  type: 'deposited',
  deposit: {
    index: 0n,
    account: { owner: alice.address, asset: net.network.assets[0]?.address ?? alice.address },
    amount,
    block,
  },
});
const settlementOf = ({ value, slot }: CommitCertificate): BulletinEvent => ({
  type: 'settlement',
  transactionHash: value,
  stage: 'INCLUDED',
  slot,
  settlement: { block, transactionHash: toHash(`0x${'0c'.repeat(32)}`) },
});

describe('a certificate', () => {
  test('reaches payer and recipient once, whoever reports it', async () => {
    const { hub, watch, cache } = setup();
    const certificate = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
    const again = await net.commitCertificate(await net.sign(alice), [1, 2, 3]);
    const watchers = [watch(alice), watch(bob)];
    const other = watch(carol);
    for (const { next } of [...watchers, other]) expect(await next()).toEqual({ type: 'keepAlive', unixMillis: 7n });
    await hub.report(0, { type: 'resolved', certificate });
    await hub.report(1, { type: 'resolved', certificate: again });
    hub.resolved(certificate);
    await hub.report(0, deposit(1n));
    await hub.report(1, deposit(1n));
    for (const { next } of watchers) expect(await next()).toEqual({ type: 'resolved', certificate });
    expect(await watchers[0]?.next()).toMatchObject({ type: 'deposited' });
    other.controller.abort();
    expect(await other.next()).toBeUndefined();
    expect(cache.payment(certificate.value)?.commit).toBe(certificate);
  });

  test('that does not verify reaches nobody', async () => {
    const { hub, watch, cache } = setup();
    const forged = await net.commitCertificate(await net.sign(alice), [0, 1]);
    const { next } = watch(alice);
    await next();
    await expect(hub.report(0, { type: 'resolved', certificate: forged })).rejects.toThrow(RejectError);
    expect(cache.size).toBe(0);
    const pending = next();
    hub.resolved(await net.commitCertificate(await net.sign(alice), [0, 1, 2]));
    expect(await pending).toMatchObject({ type: 'resolved', certificate: { signatures: { length: 3 } } });
  });
});

describe('what nobody signs', () => {
  test('is passed on once validators of an honest one’s stake say the same, and only once', async () => {
    const { hub, watch } = setup();
    const { next } = watch(alice);
    await next();
    await hub.report(0, deposit(1_000_000n));
    await hub.report(0, deposit(1_000_000n));
    await hub.report(1, deposit(5n));
    await hub.report(2, deposit(5n));
    await hub.report(3, deposit(5n));
    hub.resolved(await net.commitCertificate(await net.sign(alice), [0, 1, 2]));
    expect(await next()).toMatchObject({ type: 'deposited', deposit: { amount: 5n } });
    expect(await next()).toMatchObject({ type: 'resolved' });
  });

  test('a settlement reaches payer and recipient', async () => {
    const { hub, watch } = setup();
    const certificate = await net.commitCertificate(await net.sign(alice), [0, 1, 2]);
    const watchers = [watch(alice), watch(bob)];
    for (const { next } of watchers) await next();
    hub.resolved(certificate);
    await hub.report(0, settlementOf(certificate));
    await hub.report(3, settlementOf(certificate));
    for (const { next } of watchers) {
      expect(await next()).toMatchObject({ type: 'resolved' });
      expect(await next()).toMatchObject({ type: 'settlement', stage: 'INCLUDED', transactionHash: certificate.value });
    }
  });
});

describe('watchers', () => {
  test('who read too slowly get what fits and are cut', async () => {
    const { hub, watch, cut } = setup({ watcherBuffer: 1 });
    const { next } = watch(alice);
    await next();
    for (const amount of [1n, 2n]) {
      await hub.report(0, deposit(amount));
      await hub.report(1, deposit(amount));
    }
    expect(await next()).toMatchObject({ type: 'deposited', deposit: { amount: 1n } });
    await expect(next()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(cut()).toBe(1);
    expect(hub.watchers).toBe(0);
  });

  test('are bounded in all and for each client, and make room when they leave', async () => {
    const { hub, watch } = setup({ watchers: 3, watchersPerClient: 2 });
    const first = watch(alice, 'one');
    await first.next();
    await watch(alice, 'one').next();
    await expect(watch(bob, 'one').next()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await watch(bob, 'two').next();
    await expect(watch(bob, 'three').next()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(hub.watchers).toBe(3);
    first.controller.abort();
    expect(await first.next()).toBeUndefined();
    expect(hub.watchers).toBe(2);
    await watch(bob, 'one').next();
  });

  test('hear a keep-alive while nothing happens', async () => {
    const { watch } = setup({ keepAliveMs: 1 });
    const { next } = watch(alice);
    for (let count = 0; count < 3; count++) expect(await next()).toEqual({ type: 'keepAlive', unixMillis: 7n });
  });
});
