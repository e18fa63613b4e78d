import { signVote } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { type CommitCertificate, type Hash, RejectError, SKIP, toHash, toSequence } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { encodeReceipt, verifyReceipt } from '../receipt.ts';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createWorld, type Wallet, type World } from '../testing/world.fixtures.ts';
import type { Transport } from '../transport.ts';

const DOLLAR = 1_000_000n;

let world: World;
let alice: Wallet;
let bob: Wallet;
let carol: Wallet;
/** What carol got rests on what bob got from alice. */
let payments: readonly Hash[];

beforeEach(async () => {
  world = await createWorld();
  [alice, bob, carol] = [world.wallet('alice'), world.wallet('bob'), world.wallet('carol')];
  await world.deposit(alice.owner, 100n * DOLLAR);
  const [first] = (await alice.pay(bob.owner, 50n * DOLLAR)).slice(-1);
  await bob.client.sync();
  const [second] = (await bob.pay(carol.owner, 20n * DOLLAR)).slice(-1);
  payments = [first, second].flatMap((progress) => (progress ? [progress.transactionHash] : []));
});

const hashesOf = (certificates: readonly CommitCertificate[]) => certificates.map(({ value }) => value);
const received = () => payments[1] ?? toHash(`0x${'00'.repeat(32)}`);
const unreachable = () => Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'not reachable'));

test('comes with a sync, and is there when nobody answers any more', async () => {
  await carol.client.sync();
  const offline = world.wallet('carol', {
    rows: carol.rows,
    transport: { ...world.transport, fundingClosure: unreachable },
  });
  const closure = await offline.client.closure(received());
  expect(hashesOf(closure.certificates)).toEqual(payments);
  expect(closure.complete).toBe(true);
});

test('does not make the payments of others one’s own', async () => {
  await carol.client.sync();
  const items = await carol.client.activity({ limit: 10 });
  expect(items.map(({ transactionHash }) => transactionHash)).toEqual([received()]);
});

test('goes into a receipt that anyone verifies', async () => {
  await carol.client.sync();
  const { certificates } = await carol.client.closure(received());
  const text = encodeReceipt(certificates.toReversed());
  expect(hashesOf(await verifyReceipt(text, world.network, createNodeEngine()))).toEqual([...payments].reverse());
});

test('holds the slots before it that were left empty, each of them', async () => {
  const dora = world.wallet('dora');
  const [, , third, fourth] = world.validators;
  if (!third || !fourth) throw new Error('expected four validators');
  for (let skipped = 0; skipped < 2; skipped++) {
    third.isUp = fourth.isUp = false;
    await alice.pay(dora.owner, DOLLAR);
    third.isUp = fourth.isUp = true;
    expect((await alice.cancel()).at(-1)).toMatchObject({ ending: { outcome: 'cancelled' } });
  }
  const paid = (await alice.pay(dora.owner, DOLLAR)).at(-1);
  if (!paid?.certificate) throw new Error('expected a payment');
  await dora.client.sync();
  const closure = await dora.client.closure(paid.transactionHash);
  expect(closure.complete).toBe(true);
  expect(closure.certificates.map(({ slot }) => slot)).toEqual(
    [0n, 1n, 2n, 3n].map((sequence) => ({ ...alice.account, sequence })),
  );
  expect(hashesOf(closure.certificates)).toEqual([payments[0], SKIP, SKIP, paid.transactionHash]);
});

test('is never exchanged for one that holds less and is not whole either', async () => {
  const answers = await world.transport.fundingClosure(received());
  const withholding = (certificates: readonly CommitCertificate[]): Transport => ({
    ...world.transport,
    fundingClosure: () => Promise.resolve({ certificates, complete: false }),
  });
  const told = world.wallet('carol', { rows: carol.rows, transport: withholding(answers.certificates) });
  await told.client.sync();
  const cheated = world.wallet('carol', { rows: carol.rows, transport: withholding(answers.certificates.slice(-1)) });
  expect(hashesOf((await cheated.client.closure(received())).certificates)).toEqual(payments);
  expect(await carol.client.closure(received())).toMatchObject({ complete: true });
});

test('that was falsely called whole is asked for again before it is used', async () => {
  const [target] = (await world.transport.fundingClosure(received())).certificates.slice(-1);
  if (!target) throw new Error('expected a closure');
  const lying: Transport = {
    ...world.transport,
    fundingClosure: () => Promise.resolve({ certificates: [target], complete: true }),
  };
  await world.wallet('carol', { rows: carol.rows, transport: lying }).client.sync();
  expect(hashesOf((await carol.client.closure(received())).certificates)).toEqual(payments);
  const cheated = world.wallet('carol', { rows: carol.rows, transport: lying });
  expect(hashesOf((await cheated.client.closure(received())).certificates)).toEqual(payments);
});

test('that nobody gives is said to be incomplete, and asked for again', async () => {
  const silent: Transport = { ...world.transport, fundingClosure: unreachable };
  await world.wallet('carol', { rows: carol.rows, transport: silent }).client.sync();
  const offline = world.wallet('carol', { rows: carol.rows, transport: silent });
  expect(await offline.client.closure(received())).toMatchObject({
    complete: false,
    certificates: [{ value: received() }],
  });
  expect(await carol.client.closure(received())).toMatchObject({ complete: true });
});

test('with a forged certificate in it is not taken', async () => {
  const forging: Transport = {
    ...world.transport,
    async fundingClosure(hash) {
      const { certificates, complete } = await world.transport.fundingClosure(hash);
      return {
        complete,
        certificates: certificates.map((one) => ({ ...one, signatures: one.signatures.slice(0, 2) })),
      };
    },
  };
  const fooled = world.wallet('carol', { rows: carol.rows, transport: forging });
  await fooled.client.sync();
  expect(await fooled.client.closure(received())).toMatchObject({ complete: false });
  expect(await fooled.store.closure(received())).toBeUndefined();
});

test('of a payment that this wallet has no certificate of does not exist', async () => {
  await expect(world.wallet('dora').client.closure(received())).rejects.toMatchObject({ name: 'RejectError' });
});

test('evidence is verified before it is shown', async () => {
  const [dave] = world.votingSigners;
  if (!dave) throw new Error('expected a validator');
  const { context } = createEvidence(world);
  const slot = { ...alice.account, sequence: toSequence(9n) };
  const [first, second] = await Promise.all(
    payments.map((value) => signVote(context, { slot, round: 0, value }, 0, dave)),
  );
  if (!first || !second) throw new Error('expected two votes');
  const transport: Transport = {
    ...world.transport,
    evidence: () =>
      Promise.resolve([
        { type: 'votes', first, second },
        { type: 'votes', first, second: first },
        { type: 'votes', first, second: { ...second, signature: first.signature } },
      ]),
  };
  const wallet = world.wallet('alice', { rows: alice.rows, transport });
  expect(await wallet.client.evidence()).toMatchObject([{ type: 'votes', first: { value: payments[0] } }]);
});
