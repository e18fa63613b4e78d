import { verifyPromise, verifyProvenPromise } from '@fastpay/crypto';
import { limits, type SignedNewRound, SKIP, toAmount, toHash, toSequence } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { beforeEach, expect, test } from 'vitest';
import { exitRoundAt } from '../rules/exit-turn.ts';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import { contextOf, drivenRoundOf, lockOf, newRoundOf } from '../testing/rounds.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  ballotOf,
  blockAt,
  certify,
  createWorld,
  fund,
  NOW,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob, mallory] = [payer(0), payer(1), payer(66)];
let validator: ReturnType<typeof openValidator>;
beforeEach(async () => {
  validator = openValidator(world);
  await fund(validator, alice, 10_000_000n);
});

type Attachments = Parameters<typeof validator.openRound>[0]['attachments'];
const open = (newRound: SignedNewRound, attachments: Attachments = [], at = AT_NOW) =>
  validator.openRound({ newRound, attachments }, at);
async function promised(newRound: SignedNewRound) {
  const answer = await open(newRound);
  if (answer.type !== 'promise') throw new Error('no promise');
  return answer.proven;
}
const refused = (newRound: SignedNewRound, code: Parameters<typeof expectRefusal>[2], attachments: Attachments = []) =>
  expectRefusal(validator, () => open(newRound, attachments), code);

test('a round that the owner opens is promised, under the voting key', async () => {
  const proven = await promised(await newRoundOf(world, alice, 1));
  await verifyProvenPromise(contextOf(world), proven);
  expect(proven).toEqual({
    promise: { epoch: 0n, slot: slotAt(alice, 0n), round: 1, signature: expect.objectContaining({ signer: 0 }) },
  });
});

test('the promise names the lock, with its certificate', async () => {
  const { qc } = await paid(world, alice, orderOf(alice, bob));
  await validator.commit({ certificate: qc, attachments: [] }, AT_NOW);
  const proven = await promised(await newRoundOf(world, alice, 5));
  await verifyProvenPromise(contextOf(world), proven);
  expect(proven.promise.lock).toEqual(lockOf(qc));
  expect(proven.lockCertificate).toEqual(qc);
});

test('from then on nothing below the round is signed, except what was signed before', async () => {
  const { signedOrder, qc } = await paid(world, alice, orderOf(alice, bob));
  const rival = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
  const vote = await validator.vote({ signedOrder, attachments: [] }, AT_NOW);
  await open(await newRoundOf(world, alice, 3));
  expect(await validator.vote({ signedOrder, attachments: [] }, AT_NOW)).toEqual(vote);
  const facts = { promisedRound: 3 };
  expect(await expectRefusal(validator, () => commitTo(qc), 'STALE_ROUND')).toEqual(facts);
  expect(await refused(await newRoundOf(world, alice, 2), 'STALE_ROUND')).toEqual(facts);
  const low = await certify(world, ballotOf(world, rival.signedOrder, 2), rival.signedOrder);
  expect(await expectRefusal(validator, () => commitTo(low.qc), 'STALE_ROUND')).toEqual(facts);
});

test('a commit below the promise is refused, the own one from before is given again', async () => {
  const { qc } = await paid(world, alice, orderOf(alice, bob));
  const commit = await commitTo(qc);
  await open(await newRoundOf(world, alice, 7));
  expect(await commitTo(qc)).toEqual(commit);
  const other = await skipOf(world, slotAt(alice, 0n), 6);
  expect(await expectRefusal(validator, () => commitTo(other.qc), 'STALE_ROUND')).toEqual({ promisedRound: 7 });
  const equal = await skipOf(world, slotAt(alice, 0n), 7);
  expect(await commitTo(equal.qc)).toMatchObject({ type: 'commit' });
});

test('a repeat gets the same bytes, also after a commit in that round, and at once as often as asked', async () => {
  const { qc } = await paid(world, alice, orderOf(alice, bob));
  await commitTo(qc);
  const newRound = await newRoundOf(world, alice, 4);
  const answers = await Promise.all(Array.from({ length: 4 }, () => open(newRound)));
  const skip = await skipOf(world, slotAt(alice, 0n), 4);
  await commitTo(skip.qc);
  const before = dump(validator.kv);
  answers.push(await open(newRound));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(dump(validator.kv)).toEqual(before);
});

test('a round that is bound by a vote or commit, not by a promise, is not promised any more', async () => {
  await commitTo((await skipOf(world, slotAt(alice, 0n), 4)).qc);
  expect(await refused(await newRoundOf(world, alice, 4), 'STALE_ROUND')).toEqual({ promisedRound: 4 });
  expect(await promised(await newRoundOf(world, alice, 5))).toMatchObject({
    promise: { round: 5, lock: { value: SKIP } },
  });
});

test('a commit that comes while the promise is being signed is named in it', async () => {
  const { qc } = await paid(world, alice, orderOf(alice, bob));
  let beforeSigning = async () => {};
  const [own, ...others] = world.members;
  if (!own) throw new Error('no members');
  const votingSigner = {
    ...own.votingSigner,
    async sign(message: Uint8Array) {
      const wait = beforeSigning;
      beforeSigning = async () => {};
      await wait();
      return own.votingSigner.sign(message);
    },
  };
  validator = openValidator({ ...world, members: [{ ...own, votingSigner }, ...others] });
  await fund(validator, alice, 10_000_000n);
  beforeSigning = async () => {
    await commitTo(qc);
  };
  const proven = await promised(await newRoundOf(world, alice, 2));
  await verifyProvenPromise(contextOf(world), proven);
  expect(proven.promise.lock).toEqual(lockOf(qc));
});

test('only its owner opens rounds of an account', async () => {
  const signed = await newRoundOf(world, alice, 1);
  const byMallory = await newRoundOf(world, mallory, 1, slotAt(alice, 0n));
  const { authority } = await newRoundOf(world, alice, 2);
  for (const forged of [
    byMallory,
    { ...signed, authority },
    { ...signed, authority: { type: 'owner' as const, signature: new Uint8Array(65) } },
    { ...signed, slot: { ...signed.slot, sequence: toSequence(0n), owner: bob.address } },
  ]) {
    if (forged.slot.owner === bob.address) await fund(validator, bob, 1n);
    await refused(forged, 'INVALID_SIGNATURE');
  }
});

test('a repeat needs the owner’s word too', async () => {
  const signed = await newRoundOf(world, alice, 1);
  await open(signed);
  await refused(await newRoundOf(world, mallory, 1, slotAt(alice, 0n)), 'INVALID_SIGNATURE');
});

test('what is not a round of this epoch and network is refused by its form', async () => {
  const signed = await newRoundOf(world, alice, 1);
  for (const round of [0, -1, 1.5, limits.maxRound + 1, Number.NaN])
    await refused({ ...signed, round }, 'INVALID_FORMAT');
  await refused({ ...signed, epoch: 1n }, 'INVALID_FORMAT');
  const asset = alice.address;
  await refused({ ...signed, slot: { ...signed.slot, asset } }, 'NOT_PAYMENT');
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  await refused(signed, 'INVALID_FORMAT', Array(limits.attachments + 1).fill(cc));
});

test('only of an account that the ledger knows, which an attached payment can make known', async () => {
  const stranger = payer(9);
  const signed = await newRoundOf(world, stranger, 1);
  expect(await refused(signed, 'INSUFFICIENT_FUNDS')).toEqual({ balance: 0n });
  const { cc } = await paid(world, alice, orderOf(alice, stranger));
  expect(await open(signed, [cc])).toMatchObject({ type: 'promise' });
});

test('only in the slot at next', async () => {
  const { cc, hash } = await paid(world, alice, orderOf(alice, bob));
  const ahead = await newRoundOf(world, alice, 1, slotAt(alice, 1n));
  expect(await refused(ahead, 'MISSING_PREDECESSOR')).toEqual({ expectedSequence: 0n });
  expect(await open(ahead, [cc])).toMatchObject({ type: 'promise' });
  expect(await open(await newRoundOf(world, alice, 1))).toEqual({ type: 'resolved', certificate: cc });
  expect(validator.payment(hash)?.stage).toBe('QUEUED_ONCHAIN');
});

test('so many rounds a day for each account, counted over restarts, and anew on the next day', async () => {
  for (let round = 1; round <= limits.roundsPerDay; round++) await promised(await newRoundOf(world, alice, round));
  const more = await newRoundOf(world, alice, limits.roundsPerDay + 1);
  const midnight = Math.ceil(NOW_MS / 86_400_000) * 86_400_000;
  expect(await refused(more, 'RATE_LIMITED')).toEqual({ retryAfterMs: midnight - NOW_MS });
  // A repeat costs nothing, and another account has its own.
  await promised(await newRoundOf(world, alice, limits.roundsPerDay));
  await fund(validator, bob, 1n);
  await promised(await newRoundOf(world, bob, 1));
  validator = openValidator(world, 0, validator.kv);
  await refused(more, 'RATE_LIMITED');
  expect(await open(more, [], { nowMs: midnight })).toMatchObject({ type: 'promise' });
});

test('a refused round spends nothing', async () => {
  await open(await newRoundOf(world, alice, 3));
  for (let time = 0; time < 2 * limits.roundsPerDay; time++)
    await refused(await newRoundOf(world, alice, 2), 'STALE_ROUND');
  expect(await open(await newRoundOf(world, alice, 4))).toMatchObject({ type: 'promise' });
});

test('the cheap checks come first: a refused round costs no signature check', async () => {
  await open(await newRoundOf(world, alice, 3));
  const forged = {
    ...(await newRoundOf(world, alice, 2)),
    authority: { type: 'owner', signature: new Uint8Array(65) },
  } as const;
  await refused(forged, 'STALE_ROUND');
});

test('a halted account promises nothing', async () => {
  const first = await paid(world, alice, orderOf(alice, bob));
  const second = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
  await commitTo(first.qc);
  await expect(commitTo(second.qc)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  await refused(await newRoundOf(world, alice, 1), 'TEMPORARILY_UNAVAILABLE');
});

test('once the slot is resolved its promise is forgotten', async () => {
  await open(await newRoundOf(world, alice, 9));
  const { cc } = await skipOf(world, slotAt(alice, 0n), 9);
  await validator.resolve(cc, AT_NOW);
  const { promise } = await promised(await newRoundOf(world, alice, 1, slotAt(alice, 1n)));
  await verifyPromise(contextOf(world), promise);
  expect(promise.lock).toBeUndefined();
});

const driver = Number((NOW / limits.driverTurnSeconds) % 4n);
const exitRound = exitRoundAt(NOW);

async function requestExit() {
  const block = blockAt((validator.finalized()?.height ?? 0n) + 1n);
  const exit = { type: 'requested', account: accountOf(alice), readyAt: NOW + 604_800n, block } as const;
  await validator.applyFinalized(block, { deposits: [], exits: [exit] });
}

test('an exiting account’s rounds are opened by the validator whose turn it is, not by the owner', async () => {
  const slot = slotAt(alice, 0n);
  const driven = await drivenRoundOf(world, driver, exitRound, slot);
  await refused(driven, 'TEMPORARILY_UNAVAILABLE');
  await requestExit();
  await refused(await newRoundOf(world, alice, 1), 'EXITING');
  await refused(await drivenRoundOf(world, (driver + 1) % 4, exitRound, slot), 'TEMPORARILY_UNAVAILABLE');
  await refused(await drivenRoundOf(world, driver, exitRound + 1, slot), 'TEMPORARILY_UNAVAILABLE');
  const forged = {
    ...driven,
    authority: { type: 'driver', signature: { signer: driver, signature: new Uint8Array(64) } },
  };
  await refused(forged as SignedNewRound, 'INVALID_SIGNATURE');
  expect(await open(driven)).toMatchObject({ type: 'promise' });
  // Promised is promised: the same again, whatever the time.
  expect(await open(driven, [], { nowMs: NOW_MS + 60_000 })).toMatchObject({ type: 'promise' });
});

test('owners and drivers keep to their own rounds', async () => {
  await requestExit();
  const slot = slotAt(alice, 0n);
  await refused(await drivenRoundOf(world, driver, limits.firstExitRound - 1, slot), 'INVALID_FORMAT');
  await refused(await newRoundOf(world, alice, limits.firstExitRound), 'INVALID_FORMAT');
  const { signature } = (await drivenRoundOf(world, driver, exitRound, slot)).authority as never as {
    signature: { signer: number; signature: Uint8Array };
  };
  const nobody = { type: 'driver', signature: { ...signature, signer: 9 } } as const;
  await refused({ epoch: 0n, slot, round: exitRound, authority: nobody }, 'INVALID_SIGNATURE');
});

function commitTo(certificate: Parameters<typeof validator.commit>[0]['certificate']) {
  return validator.commit({ certificate, attachments: [] }, AT_NOW);
}

test('nothing about a promise leaks into another network', async () => {
  const other = createWorld(undefined, {
    domain: { ...world.network.domain, salt: toHash(`0x${'77'.repeat(32)}`) },
  });
  await refused(await newRoundOf(other, alice, 1), 'INVALID_SIGNATURE');
});
