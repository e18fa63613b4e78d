import {
  encodeSignedOrder,
  type RoundProposal,
  type SignedNewRound,
  type SignedOrder,
  toAmount,
} from '@fastpay/protocol';
import { createMemoryMarker } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv, dump } from '@fastpay/storage/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { newRoundOf, promisesOf, proposalOf } from './testing/rounds.fixtures.ts';
import {
  AT_NOW,
  certify,
  createWorld,
  fund,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  sign,
  skipOf,
  slotAt,
} from './testing/world.fixtures.ts';

/** Higher rounds across a crash at every write (I2): what was signed is signed again in the same bytes, or never left. */
const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const slot = slotAt(alice, 0n);
let first: Awaited<ReturnType<typeof paid>>;
let second: SignedOrder;
let newRound: SignedNewRound;
let forFirst: RoundProposal;
let forSecond: RoundProposal;
beforeAll(async () => {
  first = await paid(world, alice, orderOf(alice, bob));
  second = await sign(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
  newRound = await newRoundOf(world, alice, 2);
  const promises = await promisesOf(world, slot, 2);
  forFirst = { proposal: await proposalOf(world, alice, 2, first.signedOrder), ...promises };
  forSecond = { proposal: await proposalOf(world, alice, 2, second), ...promises };
});

/** A validator with money on Alice's account, whose disk does nothing from now on unless it is told to. */
async function onSlowDisk() {
  const kv = createCrashableKv();
  const marker = createMemoryMarker();
  const validator = openValidator(world, 0, kv, marker);
  const funded = fund(validator, alice, 10_000_000n);
  kv.flush();
  await funded;
  /** The next life, on what a power cut left of the store. */
  const restart = (left: CrashableKv): Opened => {
    left.flushByItself();
    return openValidator(world, 0, left, marker);
  };
  return { kv, validator, restart };
}
type Opened = ReturnType<typeof openValidator>;

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  const note = () => {
    pending = false;
  };
  promise.then(note, note);
  await settle();
  return pending;
}

const open = (validator: Opened, request = newRound) =>
  validator.openRound({ newRound: request, attachments: [] }, AT_NOW);
const vote = (validator: Opened, request: RoundProposal) =>
  validator.voteInRound({ ...request, attachments: [] }, AT_NOW);
const commit = (validator: Opened, certificate = first.qc) =>
  validator.commit({ certificate, attachments: [] }, AT_NOW);

describe('nothing leaves before its record is durable', () => {
  test('a promise waits for the disk, and so does its repeat', async () => {
    const { kv, validator } = await onSlowDisk();
    const promise = open(validator);
    expect(await isPending(promise)).toBe(true);
    expect(kv.pendingCount()).toBe(1);
    const again = open(validator);
    expect(await isPending(again)).toBe(true);
    kv.flush();
    expect(await again).toEqual(await promise);
  });

  test('a vote of a higher round waits for the disk, and so does its repeat', async () => {
    const { kv, validator } = await onSlowDisk();
    const signed = vote(validator, forFirst);
    expect(await isPending(signed)).toBe(true);
    expect(kv.pendingCount()).toBe(1);
    const again = vote(validator, forFirst);
    expect(await isPending(again)).toBe(true);
    kv.flush();
    expect(await again).toEqual(await signed);
  });

  test('evidence is told to nobody before it is durable', async () => {
    const { kv, validator } = await onSlowDisk();
    const rival = await certify(world, { slot, round: 0, value: first.hash }, first.signedOrder);
    const skip = await skipOf(world, slot, 0);
    const [left, right] = [rival.qc, skip.qc].map(({ signatures, type: _type, signedOrder: _order, ...ballot }) => {
      const [signature] = signatures;
      if (!signature) throw new Error('no signature');
      return { ...ballot, signature };
    });
    if (!left || !right) throw new Error('no ballots');
    const reported = validator.report({ type: 'votes', first: left, second: right });
    expect(await isPending(reported)).toBe(true);
    expect(validator.bulletin({ afterCursor: 1n, limit: 5 }).entries).toEqual([]);
    kv.flush();
    expect(await reported).toBe(true);
    expect(validator.bulletin({ afterCursor: 1n, limit: 5 }).entries).toHaveLength(1);
  });
});

describe('crash at the write of a promise', () => {
  test('after it: the same bytes again, with the lock of then, and nothing below the round', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    const committed = commit(validator);
    await settle();
    kv.flush();
    await committed;
    const promise = open(validator);
    await settle();
    const twin = openValidator(world);
    await fund(twin, alice, 10_000_000n);
    await commit(twin);
    const expected = await open(twin);

    const after = restart(kv.crash(1));
    expect(await open(after)).toEqual(expected);
    expect(expected).toMatchObject({ proven: { lockCertificate: first.qc } });
    await expect(open(after, await newRoundOf(world, alice, 1))).rejects.toMatchObject({ code: 'STALE_ROUND' });
    const { qc } = await skipOf(world, slot, 1);
    await expect(commit(after, qc)).rejects.toMatchObject({ code: 'STALE_ROUND', facts: { promisedRound: 2 } });
    expect(await commit(after)).toMatchObject({ type: 'commit' });
    expect(await isPending(promise)).toBe(true);
  });

  test('before it: nothing was promised, so lower rounds and commits are free', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    const lost = open(validator);
    expect(await isPending(lost)).toBe(true);
    const after = restart(kv.crash(0));
    expect(await commit(after)).toMatchObject({ type: 'commit' });
    expect(await open(after, await newRoundOf(world, alice, 1))).toMatchObject({ type: 'promise' });
    expect(await isPending(lost)).toBe(true);
  });

  test('promise and budget are one batch', async () => {
    const { kv, validator } = await onSlowDisk();
    void open(validator);
    await settle();
    expect(kv.pendingCount()).toBe(1);
    const complete = dump(kv);
    expect(dump(kv.crash(1))).toEqual(complete);
  });
});

describe('crash at the write of a vote in a higher round', () => {
  test('after it: the same bytes again, and an equivocation for any other value', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    void vote(validator, forFirst);
    await settle();
    const twin = openValidator(world);
    await fund(twin, alice, 10_000_000n);
    const expected = await vote(twin, forFirst);
    const after = restart(kv.crash(1));
    await expect(vote(after, forSecond)).rejects.toMatchObject({
      code: 'EQUIVOCATION',
      facts: { storedOrder: encodeSignedOrder(first.signedOrder) },
    });
    expect(await vote(after, forFirst)).toEqual(expected);
    expect(after.counters().votesSigned).toBe(1n);
    await expect(open(after)).rejects.toMatchObject({ code: 'STALE_ROUND' });
  });

  test('before it: nothing was signed, so another value may have the round', async () => {
    const { kv, validator, restart } = await onSlowDisk();
    const lost = vote(validator, forFirst);
    expect(await isPending(lost)).toBe(true);
    const after = restart(kv.crash(0));
    expect(await vote(after, forSecond)).toMatchObject({ type: 'vote' });
    expect(await isPending(lost)).toBe(true);
  });
});

test('crash at the write of a commit in a higher round: the lock and its time are there together, or not at all', async () => {
  for (const survivors of [0, 1]) {
    const { kv, validator, restart } = await onSlowDisk();
    const { qc } = await skipOf(world, slot, 3);
    void commit(validator, qc);
    await settle();
    const after = restart(kv.crash(survivors));
    const locks = after.staleLocks({ lockedBeforeMs: AT_NOW.nowMs + 1, limit: 5 });
    expect(locks).toHaveLength(survivors);
    const answer = await open(after, await newRoundOf(world, alice, 4));
    if (answer.type !== 'promise') throw new Error('no promise');
    expect(answer.proven.lockCertificate).toEqual(survivors ? qc : undefined);
  }
});

test('when the write of a promise or a vote fails, it is refused and nothing leaves', async () => {
  for (const request of [(validator: Opened) => open(validator), (validator: Opened) => vote(validator, forFirst)]) {
    const { kv, validator } = await onSlowDisk();
    const answer = request(validator);
    await settle();
    kv.breakDisk(new Error('input/output error'));
    await expect(answer).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    await expect(request(validator)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  }
});
