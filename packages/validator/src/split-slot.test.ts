import { verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, chooseValue, type SignedOrder, SKIP, toAmount, toSequence } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { ask, collectCommits, collectPromises, collectVotes, endSlot } from './testing/owner.fixtures.ts';
import { contextOf, proposalOf } from './testing/rounds.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  createWorld,
  fund,
  hashOf,
  openValidator,
  orderOf,
  payer,
  quorumOf,
  sign,
} from './testing/world.fixtures.ts';

/** Slots that two orders of one owner have split, and how their owner ends them, at four validators of their own. */
const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
type Opened = ReturnType<typeof openValidator>;
let validators: readonly Opened[];
let first: SignedOrder;
let second: SignedOrder;
beforeEach(async () => {
  validators = world.members.map((_, signer) => openValidator(world, signer));
  for (const validator of validators) await fund(validator, alice, 10_000_000n);
  first = await sign(world, alice, orderOf(alice, bob));
  second = await sign(world, alice, orderOf(alice, carol, { amount: toAmount(5n) }));
});

async function voteFor(signedOrder: SignedOrder, at: readonly number[]) {
  const answers = await ask(only(at), (validator) => validator.vote({ signedOrder, attachments: [] }, AT_NOW));
  return answers.flatMap((answer) => (answer.type === 'vote' ? [answer.vote] : []));
}
const only = (signers: readonly number[]) => validators.filter((_, signer) => signers.includes(signer));
async function resolveEverywhere(certificate: CommitCertificate | undefined) {
  if (!certificate) throw new Error('the slot did not end');
  await verifyCommitCertificate(contextOf(world), certificate);
  for (const validator of validators) expect(await validator.resolve(certificate, AT_NOW)).toBe(true);
  return certificate.value;
}
const balances = () =>
  Promise.all(
    validators.map(async (validator) => {
      const { signed } = await validator.account(accountOf(alice), new Uint8Array(16), AT_NOW);
      return signed.statement.balance;
    }),
  );

/** Neither order can get a certificate in round 0. */
async function split(): Promise<void> {
  expect(await voteFor(first, [0, 1])).toHaveLength(2);
  expect(await voteFor(second, [2, 3])).toHaveLength(2);
  expect(await voteFor(first, [0, 1, 2, 3])).toHaveLength(2);
}

test('votes 2–2 are ended by one undisturbed round, with either order or with SKIP', async () => {
  await split();
  expect(await resolveEverywhere(await endSlot(world, alice, 1, validators, second))).toBe(hashOf(world, second));
  expect(new Set(await balances())).toEqual(new Set([10_000_000n - 5n - second.order.fee]));
  for (const validator of validators) {
    expect(validator.payment(hashOf(world, second))?.stage).toBe('QUEUED_ONCHAIN');
  }
  const lost = validators.map((validator) => validator.payment(hashOf(world, first))?.stage);
  expect(lost).toEqual(['SKIPPED', 'SKIPPED', undefined, undefined]);
});

test('a split slot is cancelled', async () => {
  await split();
  expect(await resolveEverywhere(await endSlot(world, alice, 1, validators, undefined))).toBe(SKIP);
  expect(new Set(await balances())).toEqual(new Set([10_000_000n]));
  // The next slot goes on in round 0 as if nothing had happened.
  const next = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  expect(await voteFor(next, [0, 1, 2, 3])).toHaveLength(4);
});

test('a split slot ends with three of four validators', async () => {
  await split();
  const certificate = await endSlot(world, alice, 1, only([0, 2, 3]), undefined);
  expect(await resolveEverywhere(certificate)).toBe(SKIP);
});

test('a payment that one validator committed to is carried on when its promise is in the quorum', async () => {
  const qc = quorumOf(await voteFor(first, [0, 1, 2]), first);
  expect(await collectCommits(world, qc, only([1]))).toBeUndefined();
  // The owner would rather cancel, but the lock decides.
  const certificate = await endSlot(world, alice, 1, only([0, 1, 3]), undefined);
  expect(await resolveEverywhere(certificate)).toBe(hashOf(world, first));
});

test('a payment that a quorum committed to can only be carried on, whichever quorum promises, over many rounds', async () => {
  const qc = quorumOf(await voteFor(first, [0, 1, 2]), first);
  const paid = await collectCommits(world, qc, only([0, 1, 2]));
  expect(paid).toBeDefined();
  for (const [index, quorum] of [
    [0, 1, 3],
    [1, 2, 3],
    [0, 2, 3],
  ].entries()) {
    const certificate = await endSlot(world, alice, index + 1, only(quorum), second);
    expect(certificate).toMatchObject({ value: hashOf(world, first), round: index + 1 });
  }
  // The certificate of round 0 and those of higher rounds say the same; whichever comes, the slot ends alike.
  expect(await resolveEverywhere(paid)).toBe(hashOf(world, first));
});

test('a lock of a higher round outranks one of a lower round', async () => {
  const qc = quorumOf(await voteFor(first, [0, 1, 2]), first);
  await collectCommits(world, qc, only([0]));
  // Round 1 does not see that lock, and one validator locks on SKIP.
  const proven = await collectPromises(world, alice, 1, only([1, 2, 3]));
  const skip = await collectVotes(world, alice, 1, only([1, 2, 3]), proven, undefined);
  if (!skip) throw new Error('no certificate');
  await collectCommits(world, skip, only([2]));
  const certificate = await endSlot(world, alice, 2, only([0, 2, 3]), first);
  expect(await resolveEverywhere(certificate)).toBe(SKIP);
});

test('duelling devices: whoever opens the higher round stops the lower one, and a round in peace ends the slot', async () => {
  await split();
  const low = await collectPromises(world, alice, 1, validators);
  const high = await collectPromises(world, alice, 2, only([1, 2, 3]));
  // The first device comes too late with its proposal at all but one.
  expect(await collectVotes(world, alice, 1, validators, low, first)).toBeUndefined();
  // The second one is overtaken in turn, half way through its commits.
  const qc = await collectVotes(world, alice, 2, validators, high, second);
  if (!qc) throw new Error('no certificate');
  const overtaking = await collectPromises(world, alice, 3, only([0, 1]));
  expect(await collectCommits(world, qc, only([0, 1, 2]))).toBeUndefined();
  expect(chooseValue(overtaking).lockCertificates).toEqual([]);
  // Validator 2 is locked on the second order now: a quorum with it has to carry that on.
  const certificate = await endSlot(world, alice, 4, only([1, 2, 3]), first);
  expect(await resolveEverywhere(certificate)).toBe(hashOf(world, second));
});

test('a proposal that a relay makes up ends nothing: rounds cannot be split by anyone but their owner', async () => {
  await split();
  const { promises, lockCertificates } = chooseValue(await collectPromises(world, alice, 1, validators));
  const proposal = await proposalOf(world, carol, 1, second, promises[0]?.slot);
  const request = { proposal, promises, lockCertificates, attachments: [] };
  expect(await ask(validators, (validator) => validator.voteInRound(request, AT_NOW))).toEqual([]);
});

test('a restored wallet is told which order is pending: the highest lock’s, else the last one voted for', async () => {
  await split();
  const pending = async (signer: number) => {
    const validator = validators[signer] as Opened;
    return (await validator.account(accountOf(alice), new Uint8Array(16), AT_NOW)).pendingOrder;
  };
  expect([await pending(0), await pending(2)]).toEqual([first, second]);
  const proven = await collectPromises(world, alice, 1, validators);
  const qc = await collectVotes(world, alice, 1, only([0, 1, 2]), proven, second);
  expect([await pending(0), await pending(3)]).toEqual([second, second]);
  if (!qc) throw new Error('no certificate');
  await collectCommits(world, qc, only([3]));
  // Cancelling does not make the order that may still happen disappear, a lock on SKIP does.
  const again = await collectPromises(world, alice, 2, only([0, 1, 2]));
  const skip = await collectVotes(world, alice, 2, only([0, 1, 2]), again, undefined);
  if (!skip) throw new Error('no certificate');
  expect([await pending(0), await pending(3)]).toEqual([second, second]);
  await collectCommits(world, skip, only([0]));
  expect(await pending(0)).toBeUndefined();
});
