import { createNodeEngine } from '@fastpay/crypto/node';
import {
  bytesOf,
  domainSeparator,
  driverBytes,
  limits,
  newRoundDigest,
  proposeDigest,
  type SignerSignature,
  SKIP,
} from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { driverAt, exitRoundAt } from '../rules/exit-turn.ts';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  createWorld,
  fund,
  NOW,
  NOW_MS,
  openValidator,
  payer,
  seeExits,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const alice = payer(0);
const slot = slotAt(alice, 0n);
const context = { separator: domainSeparator(world.network.domain), epoch: 0n };
const own = driverAt(NOW, 4);
const ROUND = exitRoundAt(NOW);
const TURN_MS = Number(limits.driverTurnSeconds) * 1_000;

async function leaving(signer = own) {
  const validator = openValidator(world, signer);
  await fund(validator, alice, 5_000_000n);
  await seeExits(validator, (block) => [
    { type: 'requested', account: accountOf(alice), readyAt: NOW + 604_800n, block },
  ]);
  return validator;
}

const isSigned = async ({ signer, signature }: SignerSignature, digest: Parameters<typeof driverBytes>[1]) =>
  createNodeEngine().ed25519Verify(
    bytesOf(world.network.committee.members[signer]?.votingKey as never),
    driverBytes(context, digest),
    signature,
  );

test('signs a new round and a proposal in its own turn, with its voting key, the same bytes each time', async () => {
  const validator = await leaving();
  const opening = await validator.drive({ type: 'newRound', slot, round: ROUND }, AT_NOW);
  expect(opening.signer).toBe(own);
  expect(await isSigned(opening, newRoundDigest(context, slot, ROUND))).toBe(true);
  expect(await validator.drive({ type: 'newRound', slot, round: ROUND }, AT_NOW)).toEqual(opening);
  const ballot = { slot, round: ROUND, value: SKIP };
  const proposing = await validator.drive({ type: 'propose', ...ballot }, AT_NOW);
  expect(await isSigned(proposing, proposeDigest(context, ballot))).toBe(true);
});

describe('refuses', () => {
  const newRound = { type: 'newRound', slot, round: ROUND } as const;

  test('out of turn, to the second: others allow for clocks that differ, it does not use that up', async () => {
    const validator = await leaving();
    const start = Math.floor(NOW_MS / TURN_MS) * TURN_MS;
    for (const nowMs of [start - 1, start + TURN_MS, start + 2 * TURN_MS]) {
      await expectRefusal(validator, () => validator.drive(newRound, { nowMs }), 'TEMPORARILY_UNAVAILABLE');
    }
    for (const nowMs of [start, start + TURN_MS - 1]) {
      expect(await validator.drive(newRound, { nowMs })).toMatchObject({ signer: own });
    }
    const other = await leaving((own + 1) % 4);
    await expectRefusal(other, () => other.drive(newRound, AT_NOW), 'TEMPORARILY_UNAVAILABLE');
  });

  test('for an account that does not leave', async () => {
    const validator = openValidator(world, own);
    await fund(validator, alice, 5_000_000n);
    await expectRefusal(validator, () => validator.drive(newRound, AT_NOW), 'TEMPORARILY_UNAVAILABLE');
  });

  test('any slot but the open one', async () => {
    const validator = await leaving();
    const ahead = { ...newRound, slot: slotAt(alice, 1n) };
    await expectRefusal(validator, () => validator.drive(ahead, AT_NOW), 'MISSING_PREDECESSOR');
    await validator.resolve((await skipOf(world, slot)).cc, AT_NOW);
    await expectRefusal(validator, () => validator.drive(newRound, AT_NOW), 'MISSING_PREDECESSOR');
  });

  test('rounds of owners and of other turns, its own among them', async () => {
    const validator = await leaving();
    const others = [1, limits.firstExitRound - 1, ROUND - 4, ROUND - 1, ROUND + 1, ROUND + 4, limits.maxRound];
    for (const round of others) {
      await expectRefusal(validator, () => validator.drive({ ...newRound, round }, AT_NOW), 'TEMPORARILY_UNAVAILABLE');
    }
  });

  test('a round below what it has promised', async () => {
    const validator = await leaving();
    const skip = await skipOf(world, slot, ROUND + 1);
    await validator.commit({ certificate: skip.qc, attachments: [] }, AT_NOW);
    const refused = await expectRefusal(validator, () => validator.drive(newRound, AT_NOW), 'STALE_ROUND');
    expect(refused).toEqual({ promisedRound: ROUND + 1 });
  });
});

test('a slot that was begun to be closed is driven on after a cancel, others are not', async () => {
  const validator = await leaving();
  await seeExits(validator, (block) => [{ type: 'cancelled', account: accountOf(alice), block }]);
  expect(await validator.drive({ type: 'newRound', slot, round: ROUND }, AT_NOW)).toMatchObject({ signer: own });
  await validator.resolve((await skipOf(world, slot)).cc, AT_NOW);
  const next = { type: 'newRound', slot: slotAt(alice, 1n), round: ROUND } as const;
  await expectRefusal(validator, () => validator.drive(next, AT_NOW), 'TEMPORARILY_UNAVAILABLE');
});
