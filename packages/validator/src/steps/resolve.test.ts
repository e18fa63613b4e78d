import { type CommitCertificate, toAmount, toSequence } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  blockAt,
  createWorld,
  fund,
  NOTHING,
  openValidator,
  orderOf,
  paid,
  payer,
  sign,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
type Opened = ReturnType<typeof openValidator>;

async function statementOf(validator: Opened, owner: typeof alice) {
  const { signed, known } = await validator.account(accountOf(owner), new Uint8Array(16), AT_NOW);
  return { balance: signed.statement.balance, next: signed.statement.next, known };
}

test('moves the money once, makes the recipient known and moves next on', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  const { cc, hash, signedOrder } = await paid(world, alice, orderOf(alice, bob));
  expect(await statementOf(validator, bob)).toEqual({ balance: 0n, next: 0n, known: false });
  expect(await validator.resolve(cc, AT_NOW)).toBe(true);
  expect(await statementOf(validator, alice)).toEqual({ balance: 5_000_000n - 1_008_000n, next: 1n, known: true });
  expect(await statementOf(validator, bob)).toEqual({ balance: 1_000_000n, next: 0n, known: true });
  expect(validator.payment(hash)).toEqual({
    transactionHash: hash,
    stage: 'QUEUED_ONCHAIN',
    signedOrder,
    commitCertificate: cc,
  });
  const before = dump(validator.kv);
  expect(await validator.resolve(cc, AT_NOW)).toBe(false);
  expect(dump(validator.kv)).toEqual(before);
  expect(validator.counters().slotsResolved).toBe(1n);
});

test('many times at once it moves the money once', async () => {
  const validator = openValidator(world);
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  const answers = await Promise.all(Array.from({ length: 6 }, () => validator.resolve(cc, AT_NOW)));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await statementOf(validator, bob)).toMatchObject({ balance: 1_000_000n });
});

test('a withdrawal leaves the ledger', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  const { cc } = await paid(world, alice, orderOf(alice, alice, { kind: 1, fee: toAmount(2_000n) }));
  await validator.resolve(cc, AT_NOW);
  expect(await statementOf(validator, alice)).toEqual({ balance: 5_000_000n - 1_002_000n, next: 1n, known: true });
});

test('a balance goes below zero on a validator that lags, which stops votes and nothing else', async () => {
  const validator = openValidator(world);
  await validator.applyFinalized(blockAt(1n), NOTHING);
  await validator.resolve((await paid(world, alice, orderOf(alice, bob))).cc, AT_NOW);
  expect(await statementOf(validator, alice)).toEqual({ balance: -1_008_000n, next: 1n, known: true });
  const next = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  const request = () => validator.vote({ signedOrder: next, attachments: [] }, AT_NOW);
  expect(await expectRefusal(validator, request, 'INSUFFICIENT_FUNDS')).toEqual({ balance: -1_008_000n });
  await fund(validator, alice, 10_000_000n);
  expect(await request()).toMatchObject({ type: 'vote' });
});

test('applies whatever this validator voted for or committed to, and shows the loser as skipped', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  const [loser, winner] = [
    await paid(world, alice, orderOf(alice, carol)),
    await paid(world, alice, orderOf(alice, bob)),
  ];
  await validator.vote({ signedOrder: loser.signedOrder, attachments: [] }, AT_NOW);
  await validator.resolve(winner.cc, AT_NOW);
  expect(validator.payment(loser.hash)).toEqual({
    transactionHash: loser.hash,
    stage: 'SKIPPED',
    signedOrder: loser.signedOrder,
  });
  expect(validator.payment(winner.hash)).toMatchObject({ stage: 'QUEUED_ONCHAIN' });
  const { pendingOrder } = await validator.account(accountOf(alice), new Uint8Array(16), AT_NOW);
  expect(pendingOrder).toBeUndefined();
});

test('a skip moves no money and passes the slot', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5n);
  expect(await validator.resolve((await skipOf(world, slotAt(alice, 0n))).cc, AT_NOW)).toBe(true);
  expect(await statementOf(validator, alice)).toEqual({ balance: 5n, next: 1n, known: true });
});

test('slots ahead of next wait for their predecessors, money moving at once', async () => {
  const validator = openValidator(world);
  const at = async (sequence: bigint) =>
    (await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) }))).cc;
  await validator.resolve(await at(2n), AT_NOW);
  await validator.resolve(await at(1n), AT_NOW);
  expect(await statementOf(validator, alice)).toMatchObject({ next: 0n, balance: -2n * 1_008_000n });
  await validator.resolve(await at(0n), AT_NOW);
  expect(await statementOf(validator, alice)).toMatchObject({ next: 3n, balance: -3n * 1_008_000n });
  expect(await statementOf(validator, bob)).toMatchObject({ balance: 3_000_000n });
  const beyond = await at(67n);
  const refused = () => validator.resolve(beyond, AT_NOW);
  expect(await expectRefusal(validator, refused, 'MISSING_PREDECESSOR')).toEqual({ expectedSequence: 3n });
  expect(await validator.resolve(await at(66n), AT_NOW)).toBe(true);
});

test('a certificate that proves nothing moves nothing', async () => {
  const validator = openValidator(world);
  const { cc, signedOrder } = await paid(world, alice, orderOf(alice, bob));
  const altered = { ...signedOrder, order: { ...signedOrder.order, amount: toAmount(9_000_000n) } };
  const forgeries: CommitCertificate[] = [
    { ...cc, signatures: cc.signatures.slice(1) },
    { ...cc, round: 1 },
    { ...cc, epoch: 1n },
    { ...cc, signedOrder: altered },
    { ...cc, slot: slotAt(carol, 0n) },
    {
      ...cc,
      signatures: cc.signatures.map((entry, at) => (at === 0 ? { ...entry, signature: new Uint8Array(65) } : entry)),
    },
  ];
  for (const forged of forgeries)
    await expectRefusal(validator, () => validator.resolve(forged, AT_NOW), 'INVALID_CERTIFICATE');
});

test('two valid certificates for one slot halt the account and are kept as evidence', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 5_000_000n);
  const [first, second] = [
    await paid(world, alice, orderOf(alice, bob)),
    await paid(world, alice, orderOf(alice, carol)),
  ];
  await validator.resolve(first.cc, AT_NOW);
  // What cannot be verified raises no alarm.
  const forged = { ...second.cc, signatures: second.cc.signatures.slice(1) };
  await expectRefusal(validator, () => validator.resolve(forged, AT_NOW), 'INVALID_CERTIFICATE');
  expect(validator.alarms()).toEqual([]);

  const balance = await statementOf(validator, alice);
  await expect(validator.resolve(second.cc, AT_NOW)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(validator.alarms()).toEqual([
    { slot: slotAt(alice, 0n), reason: 'conflictingCommits', certificates: [first.cc, second.cc] },
  ]);
  expect(await statementOf(validator, alice)).toEqual(balance);
  expect(await statementOf(validator, carol)).toMatchObject({ known: false });

  const next = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  for (const request of [
    () => validator.vote({ signedOrder: next.signedOrder, attachments: [] }, AT_NOW),
    () => validator.commit({ certificate: next.qc, attachments: [] }, AT_NOW),
    () => validator.resolve(next.cc, AT_NOW),
    () => validator.resolve(second.cc, AT_NOW),
  ]) {
    await expectRefusal(validator, request, 'TEMPORARILY_UNAVAILABLE');
  }
  // Bob’s account is not halted: he may spend what the first certificate gave him.
  const spend = await sign(world, bob, orderOf(bob, carol, { amount: toAmount(1n), parents: [first.hash] }));
  expect(await validator.vote({ signedOrder: spend, attachments: [] }, AT_NOW)).toMatchObject({ type: 'vote' });
});

test('the same resolutions and deposits in any order of arrival end in the same ledger', async () => {
  const people = [alice, bob, carol];
  const ccs: CommitCertificate[] = [];
  for (const sender of people) {
    for (let sequence = 0n; sequence < 4n; sequence++) {
      const recipient = people[(people.indexOf(sender) + 1 + Number(sequence % 2n)) % 3] as typeof alice;
      const order = orderOf(sender, recipient, { sequence: toSequence(sequence), amount: toAmount(100n + sequence) });
      ccs.push(
        sequence === 2n ? (await skipOf(world, slotAt(sender, sequence))).cc : (await paid(world, sender, order)).cc,
      );
    }
  }
  const accounts = async (order: readonly CommitCertificate[], depositAt: number) => {
    const validator = openValidator(world);
    for (const [at, cc] of order.entries()) {
      if (at === depositAt) await fund(validator, bob, 77n);
      await validator.resolve(cc, AT_NOW);
    }
    if (depositAt >= order.length) await fund(validator, bob, 77n);
    return Promise.all(people.map((owner) => statementOf(validator, owner)));
  };
  const expected = await accounts(ccs, 0);
  expect(expected.map(({ next }) => next)).toEqual([4n, 4n, 4n]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(ccs, { minLength: ccs.length }), fc.nat(12), async (shuffled, depositAt) => {
      expect(await accounts(shuffled, depositAt)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});
