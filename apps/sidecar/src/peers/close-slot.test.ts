import { RejectError, SKIP } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import { accountOf, NOW_MS, orderOf, payer, seeExits, sign, slotAt, type World } from '@fastpay/validator/testing';
import { expect, it } from 'vitest';
import { closeSlot } from './close-slot.ts';
import { contextOf, fundEach, never, paymentsOf, peerOf, validators } from './testing/committee.fixtures.ts';
import { createOwnVoter, type Voter } from './voter.ts';

/** At `NOW_MS` it is the turn of signer 0, and of signer 1 one turn later. */
const NEXT_TURN_MS = NOW_MS + 16_000;
const PAYER = 1;
const slot = slotAt(payer(PAYER), 0n);
const unreachable = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));

async function committee() {
  const { world, all } = validators();
  await fundEach(all, PAYER);
  return { world, all };
}

async function requestExit(all: readonly Validator[]): Promise<void> {
  const account = accountOf(payer(PAYER));
  for (const validator of all) {
    await seeExits(validator, (block) => [{ type: 'requested', account, readyAt: 2_000_000_000n, block }]);
  }
}

/** Everybody as the driver meets them; those in `away` answer nothing. */
function votersFor(driver: number, all: readonly Validator[], nowMs: number, away: readonly number[] = []): Voter[] {
  const others = all.flatMap((validator, signer): Voter[] => {
    if (signer === driver) return [];
    const peer = { ...peerOf(validator, signer), ...createOwnVoter({ signer }, { validator, unixMs: () => nowMs }) };
    if (!away.includes(signer)) return [peer];
    return [{ signer, openRound: unreachable, voteInRound: unreachable, commit: unreachable, resolve: unreachable }];
  });
  const [own] = all.slice(driver);
  if (!own) throw new Error('no driver');
  return [createOwnVoter({ signer: driver }, { validator: own, unixMs: () => nowMs }), ...others];
}

function close(
  { world, all }: { readonly world: World; readonly all: readonly Validator[] },
  { driver = 0, nowMs = NOW_MS, away = [] }: { driver?: number; nowMs?: number; away?: readonly number[] } = {},
) {
  const [validator] = all.slice(driver);
  if (!validator) throw new Error('no driver');
  const witness = { promise: () => undefined };
  const voters = votersFor(driver, all, nowMs, away);
  return closeSlot(slot, { context: contextOf(world), voters, validator, witness, signal: never, unixMs: () => nowMs });
}

/** Two devices of one owner: each order has the votes of two. */
async function split(world: World, all: readonly Validator[]): Promise<void> {
  for (const [signer, validator] of all.entries()) {
    const order = orderOf(payer(PAYER), payer(signer < 2 ? 2 : 3));
    const signedOrder = await sign(world, payer(PAYER), order);
    await validator.vote({ signedOrder, attachments: [] }, { nowMs: NOW_MS });
  }
}

it('ends a split slot of an account that exits without paying anybody', async () => {
  const { world, all } = await committee();
  await split(world, all);
  await requestExit(all);
  const certificate = await close({ world, all });
  expect(certificate).toMatchObject({ type: 'commit', value: SKIP });
  expect(all.map((validator) => validator.resolution(slot)?.value)).toEqual(Array(4).fill(SKIP));
});

it('finishes the payment that stake ≥ v has committed to: every quorum of promises names it', async () => {
  const { world, all } = await committee();
  const { payments } = await paymentsOf(world, PAYER, 1);
  const [payment] = payments;
  if (!payment) throw new Error('no payment');
  for (const validator of all.slice(2)) {
    await validator.commit({ certificate: payment.qc, attachments: [] }, { nowMs: NOW_MS });
  }
  await requestExit(all);
  expect((await close({ world, all }))?.value).toBe(payment.hash);
  expect(all.map((validator) => validator.resolution(slot)?.value)).toEqual(Array(4).fill(payment.hash));
});

it('leaves it to the next turn when too few take part, whose round is higher', async () => {
  const { world, all } = await committee();
  await split(world, all);
  await requestExit(all);
  expect(await close({ world, all }, { away: [2, 3] })).toBeUndefined();
  const certificate = await close({ world, all }, { driver: 1, nowMs: NEXT_TURN_MS, away: [3] });
  expect(certificate).toMatchObject({ value: SKIP });
  expect(all[3]?.resolution(slot)).toBeUndefined();
});

it('does nothing out of turn, or for an owner who has not asked to leave', async () => {
  const { world, all } = await committee();
  await split(world, all);
  await expect(close({ world, all })).rejects.toThrow(RejectError);
  await requestExit(all);
  await expect(close({ world, all }, { driver: 2 })).rejects.toThrow(RejectError);
  expect(all.map((validator) => validator.resolution(slot))).toEqual(Array(4).fill(undefined));
});
