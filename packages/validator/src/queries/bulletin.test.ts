import type { Secp256k1Signer } from '@fastpay/crypto';
import { toSequence } from '@fastpay/protocol';
import { createCrashableKv } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { AT_NOW, createWorld, fund, openValidator, orderOf, paid, payer, settle } from '../testing/world.fixtures.ts';
import type { BulletinEntry, BulletinQuery } from '../validator.ts';

const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];

/** Alice pays Bob three times and Carol once; Carol has a deposit. */
async function withHistory() {
  const validator = openValidator(world);
  const heard: BulletinEntry[] = [];
  validator.onBulletinEntry((entry) => heard.push(entry));
  await fund(validator, alice, 10_000_000n);
  const payments: Awaited<ReturnType<typeof paid>>[] = [];
  for (const [sequence, recipient] of ([bob, carol, bob, bob] as Secp256k1Signer[]).entries()) {
    const payment = await paid(world, alice, orderOf(alice, recipient, { sequence: toSequence(BigInt(sequence)) }));
    await validator.resolve(payment.cc, AT_NOW);
    payments.push(payment);
  }
  await fund(validator, carol, 5n);
  await settle();
  return { validator, heard, payments };
}

function cursors(validator: ReturnType<typeof openValidator>, query: Partial<BulletinQuery>) {
  return validator.bulletin({ afterCursor: 0n, limit: 100, ...query }).entries.map(({ cursor }) => cursor);
}

test('the log is complete, in order, and the same as what listeners heard', async () => {
  const { validator, heard, payments } = await withHistory();
  const page = validator.bulletin({ afterCursor: 0n, limit: 100 });
  expect(page.entries).toEqual(heard);
  expect(page.entries.map(({ cursor }) => cursor)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
  expect(page.entries[1]?.event).toEqual({ type: 'resolved', certificate: payments[0]?.cc });
  expect(page.entries[5]?.event).toMatchObject({ type: 'deposited', deposit: { index: 1n, amount: 5n } });
  expect(page).toMatchObject({ hasMore: false, nextCursor: 6n });
});

test('filters by owner and by payment, and both', async () => {
  const { validator, payments } = await withHistory();
  expect(cursors(validator, { owner: alice.address })).toEqual([1n, 2n, 3n, 4n, 5n]);
  expect(cursors(validator, { owner: bob.address })).toEqual([2n, 4n, 5n]);
  expect(cursors(validator, { owner: carol.address })).toEqual([3n, 6n]);
  expect(cursors(validator, { owner: payer(9).address })).toEqual([]);
  const transactionHash = payments[2]?.hash as NonNullable<BulletinQuery['transactionHash']>;
  expect(cursors(validator, { transactionHash })).toEqual([4n]);
  expect(cursors(validator, { transactionHash, owner: bob.address })).toEqual([4n]);
  expect(cursors(validator, { transactionHash, owner: carol.address })).toEqual([]);
});

test('pages cover everything once, and the last one leads to the end of the log', async () => {
  const { validator } = await withHistory();
  for (const owner of [undefined, alice.address, bob.address, carol.address]) {
    const filter = owner ? { owner } : {};
    const all = cursors(validator, filter);
    for (const limit of [1, 2, 3]) {
      const seen: bigint[] = [];
      let afterCursor = 0n;
      for (let hasMore = true; hasMore; ) {
        const page = validator.bulletin({ ...filter, afterCursor, limit });
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        seen.push(...page.entries.map(({ cursor }) => cursor));
        ({ nextCursor: afterCursor, hasMore } = page);
      }
      expect(seen).toEqual(all);
      expect(afterCursor).toBe(6n);
    }
  }
  expect(validator.bulletin({ afterCursor: 99n, limit: 5 })).toEqual({ entries: [], hasMore: false, nextCursor: 99n });
});

test('a page of none or of too many is refused', async () => {
  const { validator } = await withHistory();
  for (const limit of [0, -1, 1_001, 1.5, Number.NaN]) {
    expect(() => validator.bulletin({ afterCursor: 0n, limit })).toThrow(/1 to 1000 entries/);
  }
});

test('shows no line that a crash could still take away', async () => {
  const kv = createCrashableKv();
  const validator = openValidator(world, 0, kv);
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  void validator.resolve(cc, AT_NOW);
  await settle();
  expect(validator.bulletin({ afterCursor: 0n, limit: 10 })).toEqual({ entries: [], hasMore: false, nextCursor: 0n });
  kv.flush();
  await settle();
  expect(cursors(validator, {})).toEqual([1n]);
});
