import { type CommitCertificate, SKIP, toHash } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { ChainMismatchError } from '../errors.ts';
import {
  AT_NOW,
  accountOf,
  blockAt,
  createWorld,
  depositOf,
  NOTHING,
  openValidator,
  orderOf,
  paid,
  payer,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';
import type { SettlementObservation } from '../validator.ts';

const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
const reference = (height: bigint) => ({ block: blockAt(height), transactionHash: toHash(`0x${'33'.repeat(32)}`) });

function seen(
  { slot, value }: CommitCertificate,
  stage: SettlementObservation['stage'],
  height?: bigint,
): SettlementObservation {
  return {
    account: { owner: slot.owner, asset: slot.asset },
    sequence: slot.sequence,
    value,
    stage,
    ...(height !== undefined && { settlement: reference(height) }),
  };
}
const balanceOf = async (validator: ReturnType<typeof openValidator>, owner: typeof alice) =>
  (await validator.account(accountOf(owner), new Uint8Array(16), AT_NOW)).signed.statement;
const outbox = (validator: ReturnType<typeof openValidator>) => validator.outbox({ afterCursor: 0n, limit: 10 }).length;

test('deposits are credited once, in order, and the chain moves on', async () => {
  const validator = openValidator(world);
  expect(validator.finalized()).toBeUndefined();
  expect(validator.nextDepositIndex()).toBe(0n);
  await validator.applyFinalized(blockAt(3n), {
    deposits: [depositOf(0n, alice, 5n), depositOf(1n, bob, 6n), depositOf(2n, alice, 7n)],
    exits: [],
  });
  expect(validator.finalized()).toEqual(blockAt(3n));
  expect(validator.nextDepositIndex()).toBe(3n);
  expect(await balanceOf(validator, alice)).toMatchObject({
    balance: 12n,
    finalizedHeight: 3n,
    finalizedHash: blockAt(3n).hash,
  });
  expect(await balanceOf(validator, bob)).toMatchObject({ balance: 6n });
  const before = dump(validator.kv);
  await validator.applyFinalized(blockAt(3n), { deposits: [depositOf(2n, alice, 7n)], exits: [] });
  await validator.applyFinalized(blockAt(3n), NOTHING);
  expect(dump(validator.kv)).toEqual(before);
  const reopened = openValidator(world, 0, validator.kv);
  expect(reopened.nextDepositIndex()).toBe(3n);
  expect(reopened.finalized()).toEqual(blockAt(3n));
});

test('a chain that contradicts the store is an error, and changes nothing', async () => {
  const validator = openValidator(world);
  await validator.applyFinalized(blockAt(3n), { deposits: [depositOf(0n, alice, 5n)], exits: [] });
  const before = dump(validator.kv);
  const forked = { ...blockAt(3n), hash: blockAt(9n).hash };
  for (const apply of [
    () => validator.applyFinalized(forked, NOTHING),
    () => validator.applyFinalized(blockAt(2n), NOTHING),
    // A good deposit beside a bad one is not taken either.
    () =>
      validator.applyFinalized(blockAt(9n), {
        deposits: [depositOf(1n, alice, 5n), depositOf(3n, alice, 5n)],
        exits: [],
      }),
    () =>
      validator.applyFinalized(blockAt(9n), {
        deposits: [depositOf(0n, alice, 6n), depositOf(1n, alice, 5n)],
        exits: [],
      }),
  ]) {
    await expect(apply()).rejects.toThrow(ChainMismatchError);
  }
  expect(dump(validator.kv)).toEqual(before);
  expect(validator.failure()).toBeUndefined();
});

test('a payment’s stages follow the chain, back where a block is abandoned, and each change is a line', async () => {
  const validator = openValidator(world);
  const { cc, hash } = await paid(world, alice, orderOf(alice, bob));
  await validator.resolve(cc, AT_NOW);
  const stage = () => validator.payment(hash)?.stage;
  expect(outbox(validator)).toBe(1);
  await validator.applySettlements([seen(cc, 'INCLUDED', 5n), seen(cc, 'INCLUDED', 5n)]);
  expect(validator.payment(hash)).toMatchObject({
    stage: 'INCLUDED',
    settlement: reference(5n),
    commitCertificate: cc,
  });
  await validator.applySettlements([seen(cc, 'QUEUED_ONCHAIN')]);
  expect(stage()).toBe('QUEUED_ONCHAIN');
  expect(validator.payment(hash)).not.toHaveProperty('settlement');
  await validator.applySettlements([seen(cc, 'INCLUDED', 6n), seen(cc, 'FINALIZED', 6n)]);
  expect(stage()).toBe('FINALIZED');
  expect(outbox(validator)).toBe(0);
  const before = dump(validator.kv);
  await validator.applySettlements([seen(cc, 'INCLUDED', 6n), seen(cc, 'QUEUED_ONCHAIN'), seen(cc, 'FINALIZED', 6n)]);
  expect(dump(validator.kv)).toEqual(before);
  const { entries } = validator.bulletin({ afterCursor: 0n, limit: 100, transactionHash: hash });
  expect(entries.map(({ event }) => (event.type === 'settlement' ? event.stage : event.type))).toEqual([
    'resolved',
    'INCLUDED',
    'QUEUED_ONCHAIN',
    'INCLUDED',
    'FINALIZED',
  ]);
});

test('what the chain shows before the certificate comes here is not lost', async () => {
  const validator = openValidator(world);
  const { cc, hash } = await paid(world, alice, orderOf(alice, bob));
  await validator.applySettlements([seen(cc, 'INCLUDED', 5n), seen(cc, 'FINALIZED', 5n)]);
  expect(validator.payment(hash)).toBeUndefined();
  expect(validator.bulletin({ afterCursor: 0n, limit: 10 }).entries).toEqual([]);
  await validator.resolve(cc, AT_NOW);
  expect(validator.payment(hash)).toMatchObject({ stage: 'FINALIZED', settlement: reference(5n) });
  expect(outbox(validator)).toBe(0);
  expect(validator.bulletin({ afterCursor: 0n, limit: 10 }).entries.map(({ event }) => event.type)).toEqual([
    'resolved',
    'settlement',
  ]);
});

test('a skipped slot waits in the outbox like any, so that the window on chain moves on', async () => {
  const validator = openValidator(world);
  const { cc } = await skipOf(world, slotAt(alice, 0n));
  await validator.resolve(cc, AT_NOW);
  expect(outbox(validator)).toBe(1);
  await validator.applySettlements([seen(cc, 'FINALIZED', 5n)]);
  expect(outbox(validator)).toBe(0);
  const { entries } = validator.bulletin({ afterCursor: 1n, limit: 10, owner: alice.address });
  expect(entries.map(({ event }) => event)).toEqual([
    { type: 'settlement', transactionHash: SKIP, stage: 'FINALIZED', certificate: cc, settlement: reference(5n) },
  ]);
});

test('a chain that settled another value than the certificate raises an alarm, whichever came first', async () => {
  const [first, second] = [
    await paid(world, alice, orderOf(alice, bob)),
    await paid(world, alice, orderOf(alice, carol)),
  ];
  const alarm = {
    slot: slotAt(alice, 0n),
    reason: 'settledOtherwise',
    certificates: [first.cc],
    settlement: reference(5n),
  };
  const early = openValidator(world);
  await early.applySettlements([seen(second.cc, 'INCLUDED', 5n)]);
  expect(early.alarms()).toEqual([]);
  await early.resolve(first.cc, AT_NOW);
  expect(early.alarms()).toEqual([alarm]);

  const late = openValidator(world);
  await late.resolve(first.cc, AT_NOW);
  await late.applySettlements([seen(second.cc, 'INCLUDED', 5n)]);
  expect(late.alarms()).toEqual([alarm]);
  for (const validator of [early, late]) {
    const next = await paid(world, alice, orderOf(alice, bob, { sequence: 1n as never }));
    await expect(validator.resolve(next.cc, AT_NOW)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  }
});

test('what an abandoned block showed of a slot contradicts nothing', async () => {
  const validator = openValidator(world);
  const [first, second] = [
    await paid(world, alice, orderOf(alice, bob)),
    await paid(world, alice, orderOf(alice, carol)),
  ];
  await validator.applySettlements([seen(second.cc, 'INCLUDED', 5n), seen(second.cc, 'QUEUED_ONCHAIN')]);
  await validator.resolve(first.cc, AT_NOW);
  expect(validator.alarms()).toEqual([]);
  expect(validator.payment(first.hash)?.stage).toBe('QUEUED_ONCHAIN');
});
