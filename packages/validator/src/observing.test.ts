import { RejectError, toSequence } from '@fastpay/protocol';
import { createMemoryMarker, type Marker } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv, dump } from '@fastpay/storage/testing';
import { describe, expect, test } from 'vitest';
import {
  AT_NOW,
  accountOf,
  createWorld,
  fund,
  openValidator,
  orderOf,
  paid,
  payer,
  selfFlushing,
  settle,
  sign,
  skipOf,
  slotAt,
} from './testing/world.fixtures.ts';
import type { ObservingReason, Validator } from './validator.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];

/** A backup: what the store holds now, in a store of its own. */
async function copyOf(kv: CrashableKv): Promise<CrashableKv> {
  const copy = selfFlushing();
  await copy.write(dump(kv).map(([key, value]) => ({ type: 'put', key, value })));
  return copy;
}

async function voteFor(validator: Validator, sequence = 0n): Promise<unknown> {
  const signedOrder = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) }));
  return validator.vote({ signedOrder, attachments: [] }, AT_NOW);
}

/** A validator that has signed once, its marker, and a backup from before. */
async function afterOneVote() {
  const [kv, marker] = [selfFlushing(), createMemoryMarker()];
  const validator = openValidator(world, 0, kv, marker);
  await fund(validator, alice, 50_000_000n);
  const backup = await copyOf(kv);
  await voteFor(validator);
  return { kv, marker, validator, backup };
}

function expectObserving(validator: Validator, reason: ObservingReason): void {
  expect(validator.mode()).toBe('observing');
  expect(validator.observingReason()).toBe(reason);
}

describe('a validator observes for ever', () => {
  test('when its store was put back from a backup, even if the newest one comes after', async () => {
    const { kv, marker, backup } = await afterOneVote();
    const restored = openValidator(world, 0, backup, marker);
    expectObserving(restored, 'storeRolledBack');
    // The marker is retired when something was answered, at the latest.
    await restored.applyFinalized(restored.finalized() as never, { deposits: [], exits: [] });
    expect(marker.read()).toMatchObject({ count: 1n, isRetired: true });
    expectObserving(openValidator(world, 0, kv, marker), 'retired');
  });

  test('when its store was lost and made anew', async () => {
    const marker = createMemoryMarker();
    await marker.write({ storeId: new Uint8Array(16).fill(77), count: 1n, isRetired: false });
    expectObserving(openValidator(world, 0, selfFlushing(), marker), 'storeReplaced');
  });

  test('when the marker is gone: nothing tells whether the store is the newest', async () => {
    const { kv } = await afterOneVote();
    expectObserving(openValidator(world, 0, kv, createMemoryMarker()), 'markerMissing');
  });
});

describe('a validator goes on signing', () => {
  test('after any restart on the newest store, with all that it has signed', async () => {
    const { kv, marker } = await afterOneVote();
    for (let sequence = 0; sequence < 3; sequence++) {
      const validator = openValidator(world, 0, kv, marker);
      expect(validator.mode()).toBe('signing');
      expect(validator.observingReason()).toBeUndefined();
      await voteFor(validator);
    }
    expect(marker.read()).toMatchObject({ count: 1n, isRetired: false });
  });

  test('when it was killed between a record and its marker: that signature never left, or is the same again', async () => {
    const [kv, marker] = [createCrashableKv(), createMemoryMarker()];
    const validator = openValidator(world, 0, kv, marker);
    kv.flush();
    const funded = fund(validator, alice, 50_000_000n);
    kv.flush();
    await funded;
    const lost = voteFor(validator);
    await settle();
    // Durable, and the process dies before it hears of it.
    const after = kv.crash(1);
    expect(marker.read()).toMatchObject({ count: 0n });
    after.flushByItself();
    const reopened = openValidator(world, 0, after, marker);
    expect(reopened.mode()).toBe('signing');
    expect(reopened.counters().votesSigned).toBe(1n);
    expect(await voteFor(reopened)).toMatchObject({ type: 'vote' });
    expect(marker.read()).toMatchObject({ count: 1n });
    void lost;
  });
});

describe('while it observes', () => {
  async function observing() {
    const { backup, marker } = await afterOneVote();
    return openValidator(world, 0, backup, marker);
  }

  test('nothing is signed', async () => {
    const validator = await observing();
    const { qc, cc } = await paid(world, alice, orderOf(alice, bob));
    await validator.resolve((await skipOf(world, slotAt(bob, 0n))).cc, AT_NOW);
    const slot = slotAt(alice, 0n);
    const entry = { account: bob.address, asset: cc.slot.asset, sequence: 0n, value: `0x${'0'.repeat(64)}` as never };
    const authority = { type: 'owner' as const, signature: new Uint8Array(65) };
    const requests = [
      () => voteFor(validator),
      () => validator.commit({ certificate: qc, attachments: [] }, AT_NOW),
      () => validator.openRound({ newRound: { epoch: 0n, slot, round: 1, authority }, attachments: [] }, AT_NOW),
      () =>
        validator.voteInRound(
          {
            proposal: { epoch: 0n, slot, round: 1, value: entry.value, authority },
            promises: [],
            lockCertificates: [],
            attachments: [],
          },
          AT_NOW,
        ),
      () => validator.account(accountOf(alice), new Uint8Array(16), AT_NOW),
      () => validator.attest([entry]),
      () => validator.drive({ type: 'newRound', slot, round: 2 ** 31 }, AT_NOW),
    ];
    const before = dump(validator.kv);
    for (const request of requests) {
      const error: unknown = await request().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RejectError);
      expect(error).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
      expect((error as RejectError).message).toContain('only observes');
    }
    expect(dump(validator.kv)).toEqual(before);
  });

  test('everything else goes on', async () => {
    const validator = await observing();
    await fund(validator, bob, 7n);
    const { cc, hash } = await paid(world, alice, orderOf(alice, bob));
    expect(await validator.resolve(cc, AT_NOW)).toBe(true);
    expect(validator.payment(hash)).toMatchObject({ stage: 'QUEUED_ONCHAIN' });
    expect(validator.outbox({ afterCursor: 0n, limit: 9 })).toHaveLength(1);
    expect(validator.certificates({ afterCursor: 0n, limit: 9 }).certificates).toEqual([cc]);
    expect(validator.fundingClosure(hash)).toMatchObject({ complete: true });
    expect(validator.bulletin({ afterCursor: 0n, limit: 9 }).entries).toHaveLength(3);
    expect(validator.failure()).toBeUndefined();
  });
});

describe('the marker stands before a signature leaves', () => {
  /** A marker whose disk the test controls. */
  function slowMarker() {
    const inner = createMemoryMarker();
    const waiting: (() => void)[] = [];
    const writes: bigint[] = [];
    let broken: Error | undefined;
    const marker: Marker = {
      read: inner.read,
      async write(state) {
        writes.push(state.count);
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (broken) throw broken;
        await inner.write(state);
      },
    };
    return {
      marker,
      writes,
      async flush() {
        waiting.shift()?.();
        await settle();
      },
      breakDisk(error: Error) {
        broken = error;
      },
    };
  }

  async function ready() {
    const slow = slowMarker();
    const validator = openValidator(world, 0, selfFlushing(), slow.marker);
    await settle();
    await slow.flush();
    for (const index of [0, 1, 2, 3]) await fund(validator, payer(index), 50_000_000n);
    return { ...slow, validator };
  }
  const vote = async (validator: Validator, index: number) => {
    const signedOrder = await sign(world, payer(index), orderOf(payer(index), payer(9)));
    return validator.vote({ signedOrder, attachments: [] }, AT_NOW);
  };

  test('a vote waits for it, and so does whoever asks for the same vote again', async () => {
    const { validator, flush, writes } = await ready();
    const heard: string[] = [];
    const first = vote(validator, 0).then(() => heard.push('first'));
    await settle();
    const again = vote(validator, 0).then(() => heard.push('again'));
    await settle();
    expect(writes).toEqual([0n, 1n]);
    expect(heard).toEqual([]);
    await flush();
    await Promise.all([first, again]);
    expect(heard.toSorted()).toEqual(['again', 'first']);
    expect(writes).toEqual([0n, 1n]);
  });

  test('signatures share a write: those that come while one is under way wait for the next', async () => {
    const { validator, flush, writes } = await ready();
    const first = vote(validator, 0);
    await settle();
    const others = Promise.all([1, 2, 3].map((index) => vote(validator, index)));
    await settle();
    expect(writes).toEqual([0n, 1n]);
    await flush();
    await first;
    expect(writes).toEqual([0n, 1n, 4n]);
    await flush();
    await others;
    expect(writes).toEqual([0n, 1n, 4n]);
  });

  test('what signs nothing does not wait for it', async () => {
    const { validator, writes } = await ready();
    const { cc } = await paid(world, payer(5), orderOf(payer(5), bob));
    expect(await validator.resolve(cc, AT_NOW)).toBe(true);
    expect(writes).toEqual([0n]);
  });

  test('a marker that breaks stops the validator before the signature leaves', async () => {
    const { validator, flush, breakDisk } = await ready();
    breakDisk(new Error('input/output error'));
    const refused = expect(vote(validator, 0)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    await settle();
    await flush();
    await refused;
    expect(validator.failure()?.message).toBe('input/output error');
    await expect(vote(validator, 1)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });
});
