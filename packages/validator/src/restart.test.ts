import { encodeSignedOrder, type SignedOrder, toAmount } from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv, dump } from '@fastpay/storage/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { createValidator } from './create-validator.ts';
import { StoreMismatchError } from './errors.ts';
import {
  AT_NOW,
  createWorld,
  fund,
  type Member,
  markerOf,
  NOTHING,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  sign,
  type World,
} from './testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];

/** A validator with money on Alice's account, whose disk does nothing from now on unless it is told to. */
async function onSlowDisk() {
  const kv = createCrashableKv();
  const marker = createMemoryMarker();
  const validator = openValidator(world, 0, kv, marker);
  const funded = fund(validator, alice, 10_000_000n);
  kv.flush();
  await funded;
  /** The next life, on what a power cut left of the store. */
  const restart = (left: CrashableKv) => {
    left.flushByItself();
    return openValidator(world, 0, left, marker);
  };
  return { kv, validator, restart };
}

/** What a promise has come to once everything has run that does not wait for the disk. */
async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'settled'> {
  let state: 'pending' | 'settled' = 'pending';
  const note = () => {
    state = 'settled';
  };
  promise.then(note, note);
  await settle();
  return state;
}

describe('no signature leaves before its record is durable', () => {
  let first: Awaited<ReturnType<typeof paid>>;
  let second: SignedOrder;
  beforeAll(async () => {
    first = await paid(world, alice, orderOf(alice, bob));
    second = await sign(world, alice, orderOf(alice, bob, { amount: toAmount(2_000_000n) }));
  });

  test('a vote waits for the disk', async () => {
    const { kv, validator } = await onSlowDisk();
    const vote = validator.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW);
    expect(await stateOf(vote)).toBe('pending');
    expect(kv.pendingCount()).toBe(1);
    // The record is there already, so the same request is answered from it, and has to wait too.
    const again = validator.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW);
    const statement = validator.account(
      { owner: alice.address, asset: first.cc.slot.asset },
      new Uint8Array(16),
      AT_NOW,
    );
    expect(await stateOf(again)).toBe('pending');
    expect(await stateOf(statement)).toBe('pending');
    kv.flush();
    expect(await again).toEqual(await vote);
    await statement;
  });

  test('a commit waits for the disk, and so does whoever sends a certificate again', async () => {
    const { kv, validator } = await onSlowDisk();
    const commit = validator.commit({ certificate: first.qc, attachments: [] }, AT_NOW);
    expect(await stateOf(commit)).toBe('pending');
    const again = validator.commit({ certificate: first.qc, attachments: [] }, AT_NOW);
    expect(await stateOf(again)).toBe('pending');
    kv.flush();
    expect(await again).toEqual(await commit);
    const resolved = validator.resolve(first.cc, AT_NOW);
    expect(await stateOf(resolved)).toBe('pending');
    const known = validator.resolve(first.cc, AT_NOW);
    expect(await stateOf(known)).toBe('pending');
    kv.flush();
    expect(await resolved).toBe(true);
    expect(await known).toBe(false);
  });

  test('crash after the vote was recorded: the same order gets the same bytes, another is an equivocation', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    void validator.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW);
    await settle();
    // What the vote would have said, had the process lived.
    const twin = openValidator(world);
    await fund(twin, alice, 10_000_000n);
    const expected = await twin.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW);

    const after = restart(kv.crash(1));
    await expect(after.vote({ signedOrder: second, attachments: [] }, AT_NOW)).rejects.toMatchObject({
      code: 'EQUIVOCATION',
      facts: { storedOrder: encodeSignedOrder(first.signedOrder) },
    });
    const late = { nowMs: AT_NOW.nowMs + 10_000_000 };
    expect(await after.vote({ signedOrder: first.signedOrder, attachments: [] }, late)).toEqual(expected);
    expect(after.counters().votesSigned).toBe(1n);
  });

  test('crash before the vote was durable: nothing was signed, so another order may have the slot', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    const lost = validator.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW);
    expect(await stateOf(lost)).toBe('pending');
    const after = restart(kv.crash(0));
    expect(await after.vote({ signedOrder: second, attachments: [] }, AT_NOW)).toMatchObject({ type: 'vote' });
    expect(await stateOf(lost)).toBe('pending');
  });

  test('crash after the commit was recorded: the same bytes again, and no vote for another order', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    const commit = validator.commit({ certificate: first.qc, attachments: [] }, AT_NOW);
    await settle();
    kv.flush();
    const expected = await commit;
    const after = restart(kv.crash());
    expect(await after.commit({ certificate: first.qc, attachments: [] }, AT_NOW)).toEqual(expected);
    await expect(after.vote({ signedOrder: second, attachments: [] }, AT_NOW)).rejects.toMatchObject({
      code: 'EQUIVOCATION',
    });
  });

  test('a resolution survives whole or not at all', async () => {
    for (const survivors of [0, 1]) {
      const { kv, validator, restart } = await onSlowDisk();
      const before = dump(kv);
      void validator.resolve(first.cc, AT_NOW);
      await settle();
      const complete = dump(kv);
      const found = kv.crash(survivors);
      expect(dump(found)).toEqual(survivors ? complete : before);
      const after = restart(found);
      expect(await after.resolve(first.cc, AT_NOW)).toBe(survivors === 0);
      expect(dump(after.kv)).toEqual(complete);
    }
  });
});

describe('when a write fails', () => {
  test('its request is refused, and everything after it, and the reason is shown', async () => {
    const { kv, validator } = await onSlowDisk();
    const { signedOrder, qc, cc } = await paid(world, alice, orderOf(alice, bob));
    const vote = validator.vote({ signedOrder, attachments: [] }, AT_NOW);
    await settle();
    expect(validator.failure()).toBeUndefined();
    const broken = new Error('input/output error');
    kv.breakDisk(broken);
    await expect(vote).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', cause: broken });
    expect(validator.failure()).toBe(broken);
    const account = { owner: alice.address, asset: cc.slot.asset };
    for (const request of [
      () => validator.vote({ signedOrder, attachments: [] }, AT_NOW),
      () => validator.commit({ certificate: qc, attachments: [] }, AT_NOW),
      () => validator.resolve(cc, AT_NOW),
      () => validator.applyFinalized(validator.finalized() ?? fail(), NOTHING),
      () => validator.applySettlements([]),
      () => validator.account(account, new Uint8Array(16), AT_NOW),
      async () => validator.payment(cc.value),
      async () => validator.bulletin({ afterCursor: 0n, limit: 1 }),
      async () => validator.alarms(),
    ]) {
      await expect(request()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    }
  });

  test('of the binding of a new store, nothing is ever signed', async () => {
    const kv = createCrashableKv();
    const validator = openValidator(world, 0, kv);
    kv.breakDisk(new Error('input/output error'));
    await settle();
    expect(validator.failure()?.message).toBe('input/output error');
    await expect(
      validator.applyFinalized({ height: 1n, hash: alice.address as never, timestamp: 0n }, NOTHING),
    ).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    });
  });
});

describe('a store belongs to one validator of one network', () => {
  const open = (other: World, signer: number, kv: CrashableKv, keys: Member | undefined = other.members[signer]) => {
    if (!keys) throw new Error('no such member');
    return createValidator(
      { network: other.network, signer },
      { kv, engine: world.engine, ...keys, marker: markerOf(kv), newStoreId: () => new Uint8Array(16).fill(9) },
    );
  };
  const changedCommittee = createWorld([1n, 1n, 1n, 2n]);
  const changedDomain = createWorld(undefined, { domain: { ...world.network.domain, chainId: 5n } });

  test('it is refused to any other, and keeps its identity', () => {
    const kv = createCrashableKv();
    kv.flushByItself();
    expect(openValidator(world, 1, kv).storeId()).toEqual(new Uint8Array(16).fill(2));
    expect(() => open(changedDomain, 1, kv)).toThrow(
      new StoreMismatchError('the store was made for another network: it must not be used for this one'),
    );
    expect(() => open(changedCommittee, 1, kv)).toThrow(/another committee/);
    expect(() => open(world, 2, kv)).toThrow(/another validator \(number 1, not 2\)/);
    expect(open(world, 1, kv).storeId()).toEqual(new Uint8Array(16).fill(2));
  });

  test('the keys have to be the member’s own', () => {
    const kv = createCrashableKv();
    expect(() => open(world, 1, kv, world.members[2])).toThrow(/keys are not those of member 1/);
    expect(() => open(world, 7, kv, world.members[2])).toThrow(/no member 7/);
    expect(kv.writtenCount()).toBe(0);
  });

  test('a store of something else is not taken over', async () => {
    const kv = createMemoryKv();
    await kv.write([{ type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
    expect(() => open(world, 1, kv as CrashableKv)).toThrow(/not that of a validator/);
  });
});

test('opening reads a handful of rows, however much there is', async () => {
  const kv = createCrashableKv();
  kv.flushByItself();
  const validator = openValidator(world, 0, kv);
  for (let owner = 0; owner < 50; owner++) await fund(validator, payer(owner), 1n);
  let reads = 0;
  const counting: CrashableKv = {
    ...kv,
    get: (key) => {
      reads++;
      return kv.get(key);
    },
    range: () => {
      throw new Error('opening scans');
    },
  };
  const reopened = openValidator(world, 0, counting, markerOf(kv));
  expect(reads).toBeLessThanOrEqual(3);
  expect(reopened.nextDepositIndex()).toBe(50n);
});

function fail(): never {
  throw new Error('no finalized block');
}
