import { limits, RejectError } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import { slotAt } from '@fastpay/validator/testing';
import { describe, expect, it } from 'vitest';
import type { Peer } from './peer.ts';
import { PeerError } from './peer-error.ts';
import { BEGINNING, type Position, pullPage } from './pull.ts';
import { inTurn, never, paymentsOf, peerOf, unixMs, validators } from './testing/committee.fixtures.ts';

const COUNT = 150;

async function twoValidators() {
  const { world, all } = validators();
  const [away, source] = all as [Validator, Validator];
  const made = await paymentsOf(world, 1, COUNT);
  for (const certificate of made.certificates) await source.resolve(certificate, { nowMs: unixMs() });
  return { away, source, ...made };
}

async function pullAll(peer: Peer, validator: Validator, from: Position = BEGINNING) {
  let position = from;
  for (let pages = 1; ; pages++) {
    const pulled = await pullPage(peer, position, { validator, unixMs, inTurn, signal: never });
    position = pulled.position;
    if (!pulled.hasMore) return { position, pages };
  }
}

describe('catching up with an honest peer', () => {
  it('takes in page after page, whatever the number of slots, and then has nothing to do', async () => {
    const { away, source, sender } = await twoValidators();
    const { position, pages } = await pullAll(peerOf(source, 1), away);
    expect(pages).toBe(3);
    expect(away.counters().slotsResolved).toBe(BigInt(COUNT));
    expect(away.resolution(slotAt(sender, BigInt(COUNT - 1)))).toBeDefined();
    const again = await pullPage(peerOf(source, 1), position, { validator: away, unixMs, inTurn, signal: never });
    expect(again).toMatchObject({ fresh: 0, hasMore: false, position });
  });

  it('begins again when the peer has another store than the one that the cursor came from', async () => {
    const { away, source } = await twoValidators();
    const stale = { storeId: new Uint8Array(16).fill(9), cursor: 10_000n };
    await pullAll(peerOf(source, 1), away, stale);
    expect(away.counters().slotsResolved).toBe(BigInt(COUNT));
  });

  it('fetches by number what lies before a certificate that is beyond the window', async () => {
    const { away, source, certificates } = await twoValidators();
    const last = certificates.at(-1);
    if (!last) throw new Error('no certificate');
    const peer = peerOf(source, 1, {
      certificates: async () => ({
        certificates: [last],
        nextCursor: 1n,
        hasMore: false,
        storeId: source.storeId(),
      }),
    });
    await pullPage(peer, BEGINNING, { validator: away, unixMs, inTurn, signal: never });
    expect(away.resolution(last.slot)).toBeDefined();
    expect(away.counters().slotsResolved).toBeGreaterThanOrEqual(BigInt(COUNT) - limits.resolveWindowSlots);
  });
});

describe('a peer that lies', () => {
  const storeId = new Uint8Array(16).fill(7);

  it.each([
    ['stands still', { certificates: [], nextCursor: 0n, hasMore: true, storeId }],
    ['has an empty page that is not the last', { certificates: [], nextCursor: 5n, hasMore: true, storeId }],
  ])('is found out when it %s', async (_, page) => {
    const { all } = validators();
    const [away] = all as [Validator];
    const peer = peerOf(away, 1, { certificates: async () => page });
    await expect(pullPage(peer, BEGINNING, { validator: away, unixMs, inTurn, signal: never })).rejects.toThrow(
      PeerError,
    );
  });

  it('is found out by a certificate that proves nothing, and what was true on its page is kept', async () => {
    const { away, source, certificates } = await twoValidators();
    const [first, second] = certificates;
    if (!first || !second) throw new Error('no certificates');
    const forged = { ...second, signatures: first.signatures };
    const peer = peerOf(source, 1, {
      certificates: async () => ({ certificates: [first, forged], nextCursor: 2n, hasMore: false, storeId }),
    });
    await expect(pullPage(peer, BEGINNING, { validator: away, unixMs, inTurn, signal: never })).rejects.toThrow(
      PeerError,
    );
    expect(away.resolution(first.slot)).toBeDefined();
    expect(away.resolution(second.slot)).toBeUndefined();
  });

  it('is found out by a certificate without its predecessors', async () => {
    const { away, source, certificates } = await twoValidators();
    const last = certificates.at(-1);
    if (!last) throw new Error('no certificate');
    const peer = peerOf(source, 1, {
      certificates: async () => ({ certificates: [last], nextCursor: 1n, hasMore: false, storeId }),
      resolution: async () => undefined,
    });
    await expect(pullPage(peer, BEGINNING, { validator: away, unixMs, inTurn, signal: never })).rejects.toThrow(
      PeerError,
    );
    expect(away.counters().slotsResolved).toBe(0n);
  });
});

it('is told apart from a peer that cannot be reached', async () => {
  const { all } = validators();
  const [away] = all as [Validator];
  const peer = peerOf(away, 1, {
    certificates: () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time')),
  });
  await expect(pullPage(peer, BEGINNING, { validator: away, unixMs, inTurn, signal: never })).rejects.toThrow(
    RejectError,
  );
});
