import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { RejectError } from '@fastpay/protocol';
import { expect, it } from 'vitest';
import { finishSlot } from './finish.ts';
import { contextOf, never, paymentsOf, peerOf, unixMs, validators } from './testing/committee.fixtures.ts';
import { createOwnVoter } from './voter.ts';

const unreachable = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));

async function setup() {
  const { world, all } = validators();
  const { payments } = await paymentsOf(world, 1, 1);
  const [payment] = payments;
  const [own, ...others] = all;
  if (!payment || !own) throw new Error('a payment and four validators expected');
  const voters = [
    createOwnVoter({ signer: 0 }, { validator: own, unixMs }),
    ...others.map((validator, index) => peerOf(validator, index + 1)),
  ];
  return { world, all, payment, voters, context: contextOf(world) };
}

it('takes a lock to a commit certificate that everybody then has', async () => {
  const { all, payment, voters, context } = await setup();
  const certificate = await finishSlot(payment.qc, { context, voters, signal: never });
  expect(certificate).toMatchObject({ type: 'commit', value: payment.hash });
  expect(all.map((validator) => validator.resolution(payment.qc.slot)?.value)).toEqual(Array(4).fill(payment.hash));
});

it('does without one validator that is away, and gives up without two', async () => {
  const { payment, voters, context } = await setup();
  const away = (count: number) =>
    voters.map((voter, index) =>
      index >= 4 - count ? { ...voter, commit: unreachable, resolve: unreachable } : voter,
    );
  expect(await finishSlot(payment.qc, { context, voters: away(2), signal: never })).toBeUndefined();
  expect(await finishSlot(payment.qc, { context, voters: away(1), signal: never })).toBeDefined();
});

it('counts no commit of a validator that signs something else, or with another key', async () => {
  const { payment, voters, context, all } = await setup();
  const stranger = createNodeSecp256k1Signer(new Uint8Array(32).fill(77));
  const signature = await stranger.sign(payment.hash);
  const { epoch, slot, value } = payment.qc;
  const lying = voters.map((voter, index) => {
    if (index < 2) return voter;
    const commit = { epoch, slot, round: index === 2 ? 0 : 5, value, signature: { signer: index, signature } };
    return { ...voter, commit: async () => ({ type: 'commit', commit }) as const };
  });
  expect(await finishSlot(payment.qc, { context, voters: lying, signal: never })).toBeUndefined();
  expect(all[0]?.resolution(slot)).toBeUndefined();
});

it('takes over what the slot turns out to hold already', async () => {
  const { all, payment, voters, context } = await setup();
  await all[2]?.resolve(payment.cc, { nowMs: unixMs() });
  const certificate = await finishSlot(payment.qc, {
    context,
    voters: [...voters.slice(0, 1), ...voters.slice(2)],
    signal: never,
  });
  expect(certificate?.value).toBe(payment.hash);
  expect(all[0]?.resolution(payment.qc.slot)?.value).toBe(payment.hash);
});
