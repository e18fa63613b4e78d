import { accountKey, limits, toAmount, toSequence, ZERO_HASH } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { describe, expect, test } from 'vitest';
import { ChainMismatchError } from '../errors.ts';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  ballotOf,
  blockAt,
  certify,
  createWorld,
  fund,
  markerOf,
  NOW,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  seeExits,
  selfFlushing,
  settle,
  sign,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';
import type { ExitEvent, FinalizedBlock, SettlementObservation, Validator } from '../validator.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const account = accountOf(alice);
const READY_AT = NOW + world.network.exitDelaySeconds;
const requested = (block: FinalizedBlock): ExitEvent => ({ type: 'requested', account, readyAt: READY_AT, block });
const cancelled = (block: FinalizedBlock): ExitEvent => ({ type: 'cancelled', account, block });
const executed =
  (amount: bigint) =>
  (block: FinalizedBlock): ExitEvent => ({ type: 'executed', account, amount, block });
const see = (validator: Validator, ...events: readonly ((block: FinalizedBlock) => ExitEvent)[]) =>
  seeExits(validator, (block) => events.map((event) => event(block)));
const answerOf = (validator: Validator, owner = alice) =>
  validator.account(accountOf(owner), new Uint8Array(16), AT_NOW);
const balanceOf = async (validator: Validator, owner = alice) =>
  (await answerOf(validator, owner)).signed.statement.balance;

/** A validator that has voted for Alice's payment, and the quorum certificate that nobody has seen yet. */
async function withHiddenCertificate() {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  const payment = await paid(world, alice, orderOf(alice, bob));
  await validator.vote({ signedOrder: payment.signedOrder, attachments: [] }, AT_NOW);
  return { validator, payment };
}

describe('while an exit stands requested', () => {
  test('no fresh order is voted for; a vote given before is given again', async () => {
    const { validator, payment } = await withHiddenCertificate();
    const vote = () => validator.vote({ signedOrder: payment.signedOrder, attachments: [] }, AT_NOW);
    const before = await vote();
    await see(validator, requested);
    expect(await vote()).toEqual(before);
    const other = openValidator(world);
    await fund(other, alice, 5_000_000n);
    await see(other, requested);
    await expectRefusal(
      other,
      () => other.vote({ signedOrder: payment.signedOrder, attachments: [] }, AT_NOW),
      'EXITING',
    );
    expect((await answerOf(other)).exitReadyAt).toBe(READY_AT);
  });

  test('what was certified is committed to in time, and not when it could not be settled any more', async () => {
    const { validator, payment } = await withHiddenCertificate();
    await see(validator, requested);
    const quarter = Number(world.network.exitDelaySeconds / 4n) * 1_000;
    const commitAt = (nowMs: number) => validator.commit({ certificate: payment.qc, attachments: [] }, { nowMs });
    const lastMoment = Number(READY_AT) * 1_000 - quarter;
    await expectRefusal(validator, () => commitAt(lastMoment + 1_000), 'EXITING');
    expect(await commitAt(lastMoment)).toMatchObject({ type: 'commit' });
    // It may never have left: from then on it is not given again either.
    await expectRefusal(validator, () => commitAt(lastMoment + 1_000), 'EXITING');
    // SKIP moves no money and is never too late.
    const skip = await skipOf(world, slotAt(alice, 0n), limits.firstExitRound);
    const late = { nowMs: Number(READY_AT) * 1_000 };
    expect(await validator.commit({ certificate: skip.qc, attachments: [] }, late)).toMatchObject({ type: 'commit' });
  });

  test('the account is still paid', async () => {
    const { validator } = await withHiddenCertificate();
    await see(validator, requested);
    await fund(validator, bob, 5_000_000n);
    const back = await paid(world, bob, orderOf(bob, alice));
    expect(await validator.vote({ signedOrder: back.signedOrder, attachments: [] }, AT_NOW)).toMatchObject({
      type: 'vote',
    });
    await validator.resolve(back.cc, AT_NOW);
    expect(await balanceOf(validator)).toBe(6_000_000n);
  });

  test('a cancel brings everything back', async () => {
    const { validator, payment } = await withHiddenCertificate();
    await see(validator, requested);
    await see(validator, cancelled);
    expect(await answerOf(validator)).not.toHaveProperty('exitReadyAt');
    await validator.resolve(payment.cc, AT_NOW);
    const next = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
    expect(await validator.vote({ signedOrder: next, attachments: [] }, AT_NOW)).toMatchObject({ type: 'vote' });
  });
});

describe('once an exit is executed', () => {
  test('a hidden quorum certificate released afterwards moves nothing, and the slot can be cancelled', async () => {
    const { validator, payment } = await withHiddenCertificate();
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    expect(await balanceOf(validator)).toBe(0n);
    const release = () => validator.commit({ certificate: payment.qc, attachments: [] }, AT_NOW);
    await expectRefusal(validator, release, 'EXITING');
    // Not at a higher round either, nor with money on the account again.
    await fund(validator, alice, 9_000_000n);
    const higher = await certify(world, ballotOf(world, payment.signedOrder, 3), payment.signedOrder);
    await expectRefusal(
      validator,
      () => validator.commit({ certificate: higher.qc, attachments: [] }, AT_NOW),
      'EXITING',
    );
    const other = await sign(world, alice, orderOf(alice, bob, { amount: toAmount(7n) }));
    await expect(validator.vote({ signedOrder: other, attachments: [] }, AT_NOW)).rejects.toMatchObject({
      code: 'EQUIVOCATION',
    });
    const skip = await skipOf(world, slotAt(alice, 0n), 9);
    expect(await validator.commit({ certificate: skip.qc, attachments: [] }, AT_NOW)).toMatchObject({ type: 'commit' });
    await validator.resolve(skip.cc, AT_NOW);
    const fresh = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
    expect(await validator.vote({ signedOrder: fresh, attachments: [] }, AT_NOW)).toMatchObject({ type: 'vote' });
  });

  test('a commit that was recorded before is not given out any more', async () => {
    const { validator, payment } = await withHiddenCertificate();
    const commit = () => validator.commit({ certificate: payment.qc, attachments: [] }, AT_NOW);
    expect(await commit()).toMatchObject({ type: 'commit' });
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    await expectRefusal(validator, commit, 'EXITING');
  });

  test('a validator that never heard of the slot commits to nothing that the account has no money for', async () => {
    const validator = openValidator(world);
    await fund(validator, alice, 5_000_000n);
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    // Certified before, with commits of others perhaps: the votes saw money that is gone.
    const payment = await paid(world, alice, orderOf(alice, bob));
    const commit = () => validator.commit({ certificate: payment.qc, attachments: [] }, AT_NOW);
    expect(await expectRefusal(validator, commit, 'INSUFFICIENT_FUNDS')).toEqual({ balance: 0n });
    await fund(validator, alice, 1_007_999n);
    await expectRefusal(validator, commit, 'INSUFFICIENT_FUNDS');
    await fund(validator, alice, 1n);
    expect(await commit()).toMatchObject({ type: 'commit' });
  });

  test('an account with no begun slot goes on as ever', async () => {
    const validator = openValidator(world);
    await fund(validator, alice, 5_000_000n);
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    expect(await answerOf(validator)).toMatchObject({ known: false, overlay: { onChain: 0n } });
    await fund(validator, alice, 5_000_000n);
    const payment = await paid(world, alice, orderOf(alice, bob));
    await validator.vote({ signedOrder: payment.signedOrder, attachments: [] }, AT_NOW);
    expect(await validator.commit({ certificate: payment.qc, attachments: [] }, AT_NOW)).toMatchObject({
      type: 'commit',
    });
  });

  test('a payment that was not settled before raises an alarm, and can be settled when somebody pays for it', async () => {
    const { validator, payment } = await withHiddenCertificate();
    await validator.resolve(payment.cc, AT_NOW);
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    const alarm = { slot: slotAt(alice, 0n), reason: 'unsettledAtExit', certificates: [payment.cc] };
    expect(validator.alarms()).toEqual([alarm]);
    expect(await balanceOf(validator)).toBe(-1_008_000n);
    // The account is not halted: nobody lied.
    await fund(validator, alice, 1_008_000n);
    const skip = await skipOf(world, slotAt(alice, 1n));
    expect(await validator.resolve(skip.cc, AT_NOW)).toBe(true);
    expect(validator.fundingClosure(payment.hash)).toMatchObject({ complete: true });
  });

  test('a payment certified only afterwards raises it too, one that the chain has settled does not', async () => {
    const { validator, payment } = await withHiddenCertificate();
    await see(validator, requested);
    await see(validator, executed(5_000_000n));
    expect(validator.alarms()).toEqual([]);
    await validator.resolve(payment.cc, AT_NOW);
    expect(validator.alarms()).toMatchObject([{ reason: 'unsettledAtExit', certificates: [payment.cc] }]);

    const settled = await withHiddenCertificate();
    await settled.validator.resolve(settled.payment.cc, AT_NOW);
    await settled.validator.applySettlements([final(settled.payment.cc)]);
    await see(settled.validator, requested);
    await see(settled.validator, executed(3_992_000n));
    expect(settled.validator.alarms()).toEqual([]);
    expect(await balanceOf(settled.validator)).toBe(0n);
  });
});

function final({ slot, value }: Awaited<ReturnType<typeof paid>>['cc']): SettlementObservation {
  const { owner, asset, sequence } = slot;
  const settlement = { block: blockAt(7n), transactionHash: ZERO_HASH };
  return { account: { owner, asset }, sequence, value, stage: 'FINALIZED', settlement };
}

describe('exits and the chain', () => {
  test('are taken in once, with the deposits of their blocks, told on the bulletin and kept', async () => {
    const kv = selfFlushing();
    const validator = openValidator(world, 0, kv);
    await fund(validator, alice, 5_000_000n);
    const heard: string[] = [];
    validator.onBulletinEntry(({ event }) => heard.push(event.type));
    const events = [requested(blockAt(2n)), cancelled(blockAt(3n)), requested(blockAt(3n)), executed(4n)(blockAt(4n))];
    await validator.applyFinalized(blockAt(4n), { deposits: [], exits: events });
    await settle();
    expect(heard).toEqual(['exit', 'exit', 'exit', 'exit']);
    const { entries } = validator.bulletin({ afterCursor: 1n, limit: 10, owner: alice.address });
    expect(entries.map(({ event }) => event)).toEqual(events.map((exit) => ({ type: 'exit', exit })));
    const before = dump(kv);
    await validator.applyFinalized(blockAt(4n), { deposits: [], exits: events });
    expect(dump(kv)).toEqual(before);
    await validator.applyFinalized(blockAt(5n), { deposits: [], exits: events });
    const again = openValidator(world, 0, kv, markerOf(kv));
    expect(await balanceOf(again)).toBe(4_999_996n);
    expect(again.bulletin({ afterCursor: 1n, limit: 10 }).entries).toHaveLength(4);
  });

  test('contradictions change nothing', async () => {
    const validator = openValidator(world);
    await fund(validator, alice, 5_000_000n);
    const before = dump(validator.kv);
    for (const exits of [
      [cancelled(blockAt(2n))],
      [requested(blockAt(2n)), requested(blockAt(2n))],
      [requested(blockAt(2n)), executed(1n)(blockAt(9n))],
    ]) {
      const apply = validator.applyFinalized(blockAt(2n), { deposits: [], exits });
      await expect(apply).rejects.toThrow(ChainMismatchError);
    }
    expect(dump(validator.kv)).toEqual(before);
    expect(validator.failure()).toBeUndefined();
  });
});

describe('exitingAccounts', () => {
  test('names who leaves, what is begun and what is unsettled, by address, a page at a time', async () => {
    const validator = openValidator(world);
    const owners = [payer(0), payer(1), payer(2), payer(3)].sort((left, right) =>
      accountKey(accountOf(left)) < accountKey(accountOf(right)) ? -1 : 1,
    );
    for (const owner of owners) await fund(validator, owner, 5_000_000n);
    const [first, second, third] = owners as [typeof alice, typeof alice, typeof alice];
    const payment = await paid(world, first, orderOf(first, second));
    await validator.resolve(payment.cc, AT_NOW);
    const next = await sign(world, first, orderOf(first, third, { sequence: toSequence(1n) }));
    await validator.vote({ signedOrder: next, attachments: [] }, AT_NOW);
    await seeExits(validator, (block) =>
      [third, first, second].map((owner) => ({
        type: 'requested',
        account: accountOf(owner),
        readyAt: READY_AT,
        block,
      })),
    );
    const all = validator.exitingAccounts(10);
    expect(all).toEqual([
      {
        account: accountOf(first),
        readyAt: READY_AT,
        openSlot: { slot: slotAt(first, 1n), promisedRound: 0 },
        unsettled: 1,
      },
      { account: accountOf(second), readyAt: READY_AT, unsettled: 1 },
      { account: accountOf(third), readyAt: READY_AT, unsettled: 0 },
    ]);
    expect(validator.exitingAccounts(2)).toEqual(all.slice(0, 2));
    expect(validator.exitingAccounts(2, all[1]?.account)).toEqual(all.slice(2));
    expect(validator.exitingAccounts(2, all[2]?.account)).toEqual([]);
  });

  test('goes on naming a slot that validators have begun to close, until it is closed', async () => {
    for (const event of [cancelled, executed(0n)]) {
      const { validator } = await withHiddenCertificate();
      await see(validator, requested);
      const skip = await skipOf(world, slotAt(alice, 0n), limits.firstExitRound + 4);
      await validator.commit({ certificate: skip.qc, attachments: [] }, AT_NOW);
      await see(validator, event);
      const openSlot = { slot: slotAt(alice, 0n), promisedRound: limits.firstExitRound + 4 };
      expect(validator.exitingAccounts(9)).toEqual([{ account, openSlot, unsettled: 0 }]);
      await validator.resolve(skip.cc, AT_NOW);
      expect(validator.exitingAccounts(9)).toEqual([]);
    }
  });

  test('forgets an account whose exit was cancelled or executed before anybody closed anything', async () => {
    for (const event of [cancelled, executed(5_000_000n)]) {
      const { validator } = await withHiddenCertificate();
      await see(validator, requested);
      await see(validator, event);
      expect(validator.exitingAccounts(9)).toEqual([]);
    }
  });
});

test('the surcharge is asked for where the reserve has to write a first word, exit or not', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  await seeExits(validator, (block) => [{ type: 'requested', account: accountOf(bob), readyAt: READY_AT, block }]);
  const cheap = await sign(world, alice, orderOf(alice, bob, { fee: toAmount(2_000n) }));
  const vote = () => validator.vote({ signedOrder: cheap, attachments: [] }, { nowMs: NOW_MS });
  expect(await expectRefusal(validator, vote, 'FEE_TOO_LOW')).toEqual({ requiredFee: 8_000n });
  expect(await answerOf(validator, bob)).toMatchObject({ known: false });
});
