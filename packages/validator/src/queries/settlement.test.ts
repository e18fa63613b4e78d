import { type CommitCertificate, limits, toSequence } from '@fastpay/protocol';
import { createCrashableKv } from '@fastpay/storage/testing';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  blockAt,
  createWorld,
  fund,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';
import type { SettlementObservation } from '../validator.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const seen = ({ slot, value }: Awaited<ReturnType<typeof paid>>['cc'], stage: SettlementObservation['stage']) => ({
  account: { owner: slot.owner, asset: slot.asset },
  sequence: slot.sequence,
  value,
  stage,
  settlement: { block: blockAt(5n), transactionHash: blockAt(6n).hash },
});

/** Four resolutions with other lines between them: two payments, a skipped slot, a payment. */
async function withHistory() {
  const validator = openValidator(world);
  const pay = async (sequence: bigint) =>
    (await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) }))).cc;
  const made = [await pay(0n), await pay(1n), (await skipOf(world, slotAt(alice, 2n))).cc, await pay(3n)];
  for (const [index, cc] of made.entries()) {
    await fund(validator, bob, 1n);
    await validator.resolve(cc, { nowMs: NOW_MS + index });
  }
  return { validator, made };
}

describe('the outbox', () => {
  test('holds payments and skipped slots, oldest first, with the time of their resolution, by pages', async () => {
    const { validator, made } = await withHistory();
    const all = validator.outbox({ afterCursor: 0n, limit: 10 });
    expect(all.map(({ certificate }) => certificate)).toEqual(made);
    expect(all.map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([0, 1, 2, 3].map((index) => NOW_MS + index));
    expect(all.map(({ cursor }) => cursor)).toEqual([2n, 4n, 6n, 8n]);
    expect(validator.outbox({ afterCursor: 0n, limit: 3 })).toEqual(all.slice(0, 3));
    expect(validator.outbox({ afterCursor: 6n, limit: 3 })).toEqual(all.slice(3));
  });

  test('says what was included, takes it back with its block, and lets go of what is final', async () => {
    const { validator, made } = await withHistory();
    const [first, second, skipped] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
    const stages = () => validator.outbox({ afterCursor: 0n, limit: 10 }).map(({ stage }) => stage);
    await validator.applySettlements([seen(first, 'INCLUDED'), seen(skipped, 'INCLUDED')]);
    expect(stages()).toEqual(['INCLUDED', 'QUEUED_ONCHAIN', 'INCLUDED', 'QUEUED_ONCHAIN']);
    await validator.applySettlements([{ ...seen(first, 'QUEUED_ONCHAIN') }, seen(second, 'FINALIZED')]);
    expect(stages()).toEqual(['QUEUED_ONCHAIN', 'INCLUDED', 'QUEUED_ONCHAIN']);
    await validator.applySettlements(made.map((cc) => seen(cc, 'FINALIZED')));
    expect(stages()).toEqual([]);
  });
});

describe('certificates for other sidecars', () => {
  test('come in the order of this store, whatever lines lie between, and lead to the end of the log', async () => {
    const { validator, made } = await withHistory();
    expect(validator.certificates({ afterCursor: 0n, limit: limits.certificatePage })).toEqual({
      certificates: made,
      nextCursor: 8n,
      hasMore: false,
    });
    const collected: CommitCertificate[] = [];
    let page = validator.certificates({ afterCursor: 0n, limit: 1 });
    for (; page.hasMore; page = validator.certificates({ afterCursor: page.nextCursor, limit: 1 })) {
      collected.push(...page.certificates);
    }
    expect([...collected, ...page.certificates]).toEqual(made);
    expect(validator.certificates({ afterCursor: 99n, limit: 1 })).toEqual({
      certificates: [],
      nextCursor: 99n,
      hasMore: false,
    });
  });

  test('a page has a bound', async () => {
    const { validator } = await withHistory();
    for (const limit of [0, limits.certificatePage + 1, 1.5]) {
      const ask = () => Promise.resolve().then(() => validator.certificates({ afterCursor: 0n, limit }));
      await expectRefusal(validator, ask, 'INVALID_FORMAT');
    }
  });
});

test('what is not durable yet is shown to nobody: a crash could give its cursor to something else', async () => {
  const kv = createCrashableKv();
  const validator = openValidator(world, 0, kv);
  kv.flush();
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  void validator.resolve(cc, AT_NOW);
  await settle();
  const look = () => [
    validator.resolution(cc.slot),
    validator.outbox({ afterCursor: 0n, limit: 1 })[0]?.certificate,
    validator.certificates({ afterCursor: 0n, limit: 1 }).certificates[0],
  ];
  expect(look()).toEqual([undefined, undefined, undefined]);
  kv.flush();
  await settle();
  expect(look()).toEqual([cc, cc, cc]);
  expect(validator.resolution(slotAt(alice, 1n))).toBeUndefined();
});
