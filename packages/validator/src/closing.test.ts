import {
  type CommitCertificate,
  chooseValue,
  type ProvenPromise,
  quorumStake,
  type RoundAuthority,
  type SignedBallot,
  type SignerSignature,
  SKIP,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { driverAt, exitRoundAt } from './rules/exit-turn.ts';
import { drivenProposalOf, drivenRoundOf, newRoundOf } from './testing/rounds.fixtures.ts';
import {
  accountOf,
  commitOf,
  createWorld,
  fund,
  NOW,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  quorumOf,
  seeExits,
  slotAt,
} from './testing/world.fixtures.ts';
import type { ExitEvent, FinalizedBlock, Validator } from './validator.ts';

/** A whole committee closes the open slot of an account that leaves (§5 rule 6). */
const world = createWorld();
const { committee, exitDelaySeconds } = world.network;
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
const slot = slotAt(alice, 0n);
const READY_AT = NOW + exitDelaySeconds;
const TURN_MS = 16_000;
let validators: readonly Validator[];
let nowMs: number;
const at = () => ({ nowMs });

beforeEach(async () => {
  nowMs = NOW_MS;
  validators = committee.members.map((_, signer) => openValidator(world, signer));
  for (const validator of validators) await fund(validator, alice, 5_000_000n);
});

async function see(event: (block: FinalizedBlock) => ExitEvent): Promise<void> {
  for (const validator of validators) await seeExits(validator, (block) => [event(block)]);
}
const requested = (block: FinalizedBlock): ExitEvent => ({
  type: 'requested',
  account: accountOf(alice),
  readyAt: READY_AT,
  block,
});
const cancelled = (block: FinalizedBlock): ExitEvent => ({ type: 'cancelled', account: accountOf(alice), block });
const executed = (block: FinalizedBlock): ExitEvent => ({
  type: 'executed',
  account: accountOf(alice),
  amount: 5_000_000n,
  block,
});
const validatorAt = (signer: number): Validator => {
  const validator = validators[signer];
  if (!validator) throw new Error(`there is no validator ${signer}`);
  return validator;
};
const authorityOf = (signature: SignerSignature): RoundAuthority => ({ type: 'driver', signature });
/** What everyone asked answers, refusals left out. */
async function answersOf<Answer>(signers: readonly number[], ask: (validator: Validator) => Promise<Answer>) {
  const answers = await Promise.allSettled(signers.map((signer) => ask(validatorAt(signer))));
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}
/** Every validator has a stake of one. */
const isQuorum = (answers: readonly unknown[]) => BigInt(answers.length) >= quorumStake(committee);

/** One turn of the validator whose turn it is, with those that it reaches; the certificate that it came to, if any. */
async function driveTurn(reached: readonly number[]): Promise<CommitCertificate | undefined> {
  const driver = validatorAt(driverAt(BigInt(nowMs) / 1_000n, committee.members.length));
  const round = exitRoundAt(BigInt(nowMs) / 1_000n);
  const opening = await driver.drive({ type: 'newRound', slot, round }, at());
  const newRound = { epoch: 0n, slot, round, authority: authorityOf(opening) };
  const promised = await answersOf(reached, (validator) => validator.openRound({ newRound, attachments: [] }, at()));
  const proven = promised.flatMap((answer): ProvenPromise[] => (answer.type === 'promise' ? [answer.proven] : []));
  if (!isQuorum(proven)) return undefined;
  const { promises, lockCertificates, highestLock } = chooseValue(proven);
  const { value, signedOrder } = highestLock ?? { value: SKIP, signedOrder: undefined };
  const proposing = await driver.drive({ type: 'propose', slot, round, value }, at());
  const proposal = { ...newRound, value, authority: authorityOf(proposing), ...(signedOrder && { signedOrder }) };
  const votes = await answersOf(reached, (validator) =>
    validator.voteInRound({ proposal, promises, lockCertificates, attachments: [] }, at()),
  );
  const ballots = votes.flatMap((answer): SignedBallot[] => (answer.type === 'vote' ? [answer.vote] : []));
  return isQuorum(ballots) ? commitWith(reached, quorumOf(ballots, signedOrder)) : undefined;
}

async function commitWith(reached: readonly number[], certificate: ReturnType<typeof quorumOf>) {
  const answers = await answersOf(reached, (validator) => validator.commit({ certificate, attachments: [] }, at()));
  const commits = answers.flatMap((answer): SignedBallot[] => (answer.type === 'commit' ? [answer.commit] : []));
  if (!isQuorum(commits)) return undefined;
  const ended = commitOf(commits, certificate.signedOrder);
  for (const signer of reached) await validatorAt(signer).resolve(ended, at());
  return ended;
}

const everyone = [0, 1, 2, 3];
/** Reached besides the driver of the first turn, and who that is. */
const first = driverAt(NOW, 4);
const others = everyone.filter((signer) => signer !== first);

test('a slot that its owner split is skipped in one turn, and the owner cannot interfere', async () => {
  const split = [await paid(world, alice, orderOf(alice, bob)), await paid(world, alice, orderOf(alice, carol))];
  for (const [signer, validator] of validators.entries()) {
    const { signedOrder } = split[signer % 2] as (typeof split)[0];
    await validator.vote({ signedOrder, attachments: [] }, at());
  }
  await see(requested);
  const own = await newRoundOf(world, alice, 2 ** 31 - 1);
  for (const validator of validators) {
    await expect(validator.openRound({ newRound: own, attachments: [] }, at())).rejects.toMatchObject({
      code: 'EXITING',
    });
  }
  expect(await driveTurn(everyone)).toMatchObject({ value: SKIP });
  for (const validator of validators) expect(validator.resolution(slot)?.value).toBe(SKIP);
});

test('what one validator committed to is ended as that payment, so its recipient is paid before the owner leaves', async () => {
  const payment = await paid(world, alice, orderOf(alice, bob));
  const [keeper] = others as [number];
  await validatorAt(keeper).commit({ certificate: payment.qc, attachments: [] }, at());
  await see(requested);
  expect(await driveTurn(everyone)).toMatchObject({ value: payment.hash });
  for (const validator of validators) expect(validator.payment(payment.hash)?.stage).toBe('QUEUED_ONCHAIN');
});

test('closed without the one that is locked, a hidden certificate is worth nothing to anybody any more', async () => {
  const payment = await paid(world, alice, orderOf(alice, bob));
  const [keeper] = others as [number];
  await validatorAt(keeper).commit({ certificate: payment.qc, attachments: [] }, at());
  await see(requested);
  expect(await driveTurn(everyone.filter((signer) => signer !== keeper))).toMatchObject({ value: SKIP });
  expect(await commitWith(everyone, payment.qc)).toBeUndefined();
  const skipped = validatorAt(first).resolution(slot);
  if (!skipped) throw new Error('the slot is not closed');
  expect(await validatorAt(keeper).resolve(skipped, at())).toBe(true);
  expect(validators.flatMap((validator) => validator.alarms())).toEqual([]);
});

test('a driver that reaches for the round of the one after it, as soon as clocks allow, spoils nothing', async () => {
  const payment = await paid(world, alice, orderOf(alice, bob));
  const [successor, keeper, bystander] = [1, 2, 3].map((turns) => (first + turns) % 4) as [number, number, number];
  await validatorAt(keeper).commit({ certificate: payment.qc, attachments: [] }, at());
  await see(requested);
  const nextTurnMs = (Math.floor(nowMs / TURN_MS) + 1) * TURN_MS;
  const round = exitRoundAt(BigInt(nextTurnMs / 1_000));
  for (const early of [nextTurnMs - 1_000, nextTurnMs + 1_000]) {
    nowMs = early;
    const newRound = await drivenRoundOf(world, first, round, slot);
    const proposal = await drivenProposalOf(world, first, round, slot);
    const promised = await answersOf(everyone, (validator) => validator.openRound({ newRound, attachments: [] }, at()));
    const proven = promised.flatMap((answer) => (answer.type === 'promise' ? [answer.proven] : []));
    const { promises } = chooseValue(proven.filter(({ promise }) => promise.signature.signer !== keeper));
    // Votes for another value than the one that the highest lock asks for.
    await answersOf([first, bystander], (validator) =>
      validator.voteInRound({ proposal, promises, lockCertificates: [], attachments: [] }, at()),
    );
  }
  expect(driverAt(BigInt(nowMs / 1_000), 4)).toBe(successor);
  expect(await driveTurn(everyone)).toMatchObject({ value: payment.hash });
});

test('closing that a cancel interrupts is ended by the next driver, where the owner alone could not', async () => {
  await see(requested);
  // Half of the committee promises the exit round, then the owner takes its request back.
  expect(await driveTurn([first, others[0] as number])).toBeUndefined();
  await see(cancelled);
  const own = await newRoundOf(world, alice, 1);
  const promises = await answersOf(everyone, (validator) =>
    validator.openRound({ newRound: own, attachments: [] }, at()),
  );
  expect(promises).toHaveLength(2);
  expect(validatorAt(first).exitingAccounts(9)).toMatchObject([{ account: accountOf(alice) }]);
  nowMs += TURN_MS;
  expect(await driveTurn(everyone)).toMatchObject({ value: SKIP });
  const next = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  for (const validator of validators) {
    expect(await validator.vote({ signedOrder: next.signedOrder, attachments: [] }, at())).toMatchObject({
      type: 'vote',
    });
  }
});

test('a certificate hidden until the money is gone gets no quorum, even with a commit from before and one liar', async () => {
  const payment = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(4_000_000n) }));
  // Three voted; one of them committed before. Nobody closes the slot: the assumption on time is broken.
  for (const signer of [0, 1, 2]) {
    await validatorAt(signer).vote({ signedOrder: payment.signedOrder, attachments: [] }, at());
  }
  await validatorAt(0).commit({ certificate: payment.qc, attachments: [] }, at());
  await see(requested);
  await see(executed);
  nowMs = Number(READY_AT) * 1_000;
  const answers = await answersOf(everyone, (validator) =>
    validator.commit({ certificate: payment.qc, attachments: [] }, at()),
  );
  expect(answers).toEqual([]);
  // Not with new money either: only those that never heard of the slot would take it.
  for (const validator of validators) await fund(validator, alice, 9_000_000n);
  expect(await commitWith(everyone, payment.qc)).toBeUndefined();
  expect(validators.flatMap((validator) => validator.alarms())).toEqual([]);
});
