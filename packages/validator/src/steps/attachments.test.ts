import { type CommitCertificate, toAmount, toSequence } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  ballotOf,
  certify,
  createWorld,
  fund,
  openValidator,
  orderOf,
  paid,
  payer,
  sign,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];

async function fundedValidator() {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000n);
  return validator;
}

test('money received a moment ago is spent with its certificate, over three owners, with no deposit but the first', async () => {
  const validator = await fundedValidator();
  const toBob = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5_000_000n) }));
  const toCarol = await paid(world, bob, orderOf(bob, carol, { amount: toAmount(4_000_000n), parents: [toBob.hash] }));
  const back = await sign(
    world,
    carol,
    orderOf(carol, alice, { amount: toAmount(3_000_000n), fee: toAmount(2_000n), parents: [toCarol.hash] }),
  );

  const without = () => validator.vote({ signedOrder: back, attachments: [] }, AT_NOW);
  expect(await expectRefusal(validator, without, 'MISSING_PARENT')).toEqual({ missingParents: [toCarol.hash] });
  const answer = await validator.vote({ signedOrder: back, attachments: [toBob.cc, toCarol.cc] }, AT_NOW);
  expect(answer).toMatchObject({ type: 'vote' });
  const balanceOf = async (owner: typeof alice) =>
    (await validator.account({ owner: owner.address, asset: toBob.cc.slot.asset }, new Uint8Array(16), AT_NOW)).signed
      .statement.balance;
  expect(await balanceOf(alice)).toBe(10_000_000n - 5_000_000n - 8_000n);
  expect(await balanceOf(bob)).toBe(5_000_000n - 4_000_000n - 8_000n);
  expect(await balanceOf(carol)).toBe(4_000_000n);
});

test('attachments may come child first, and again', async () => {
  const validator = await fundedValidator();
  const toBob = await paid(world, alice, orderOf(alice, bob));
  const toCarol = await paid(world, bob, orderOf(bob, carol, { amount: toAmount(500_000n), parents: [toBob.hash] }));
  const back = await sign(
    world,
    carol,
    orderOf(carol, alice, { amount: toAmount(1n), fee: toAmount(2_000n), parents: [toCarol.hash] }),
  );
  const attachments = [toCarol.cc, toBob.cc, toCarol.cc];
  expect(await validator.vote({ signedOrder: back, attachments }, AT_NOW)).toMatchObject({ type: 'vote' });
  expect(validator.counters().slotsResolved).toBe(2n);
});

test('an attached certificate of the slot before fills the gap', async () => {
  const validator = await fundedValidator();
  const first = await paid(world, alice, orderOf(alice, bob));
  const second = await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n), fee: toAmount(2_000n) }));
  expect(await validator.vote({ signedOrder: second, attachments: [first.cc] }, AT_NOW)).toMatchObject({
    type: 'vote',
  });
});

test('an attachment that cannot be applied yet is left out, and what it should have brought is missing', async () => {
  const validator = await fundedValidator();
  const far = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(64n) }));
  const order = await sign(world, bob, orderOf(bob, carol, { amount: toAmount(1n), parents: [far.hash] }));
  const request = () => validator.vote({ signedOrder: order, attachments: [far.cc] }, AT_NOW);
  expect(await expectRefusal(validator, request, 'MISSING_PARENT')).toEqual({ missingParents: [far.hash] });
});

test('a forged attachment refuses the request', async () => {
  const validator = await fundedValidator();
  const toBob = await paid(world, alice, orderOf(alice, bob));
  const order = await sign(world, bob, orderOf(bob, carol, { amount: toAmount(1n), parents: [toBob.hash] }));
  const [first, ...rest] = toBob.cc.signatures;
  if (!first) throw new Error('no signatures');
  const forgeries: CommitCertificate[] = [
    { ...toBob.cc, signatures: rest },
    { ...toBob.cc, signatures: [{ ...first, signature: Uint8Array.from(first.signature).fill(1) }, ...rest] },
    { ...toBob.cc, epoch: 1n },
    (await certify(world, ballotOf(world, toBob.signedOrder), toBob.signedOrder, [1, 2])).cc,
  ];
  for (const forged of forgeries) {
    const request = () => validator.vote({ signedOrder: order, attachments: [forged] }, AT_NOW);
    await expectRefusal(validator, request, 'INVALID_CERTIFICATE');
  }
});

test('an order that nobody signed makes nobody verify its attachments', async () => {
  const validator = await fundedValidator();
  const toBob = await paid(world, alice, orderOf(alice, bob));
  const order = orderOf(bob, carol, { amount: toAmount(1n), parents: [toBob.hash] });
  const signedOrder = { order, payerSignature: new Uint8Array(65).fill(3) };
  // Would be INVALID_CERTIFICATE had it been looked at.
  const request = () => validator.vote({ signedOrder, attachments: [{ ...toBob.cc, signatures: [] }] }, AT_NOW);
  await expectRefusal(validator, request, 'INVALID_SIGNATURE');
});

test('seventeen attachments are one too many', async () => {
  const validator = await fundedValidator();
  const toBob = await paid(world, alice, orderOf(alice, bob));
  const attachments = Array.from({ length: 17 }, () => toBob.cc);
  const signedOrder = await sign(world, bob, orderOf(bob, carol));
  await expectRefusal(validator, () => validator.vote({ signedOrder, attachments }, AT_NOW), 'INVALID_FORMAT');
  await expectRefusal(
    validator,
    () => validator.commit({ certificate: toBob.qc, attachments }, AT_NOW),
    'INVALID_FORMAT',
  );
});

test('a commit takes in the slot before, when that is attached', async () => {
  const validator = await fundedValidator();
  const first = await paid(world, alice, orderOf(alice, bob));
  const second = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  const request = (attachments: CommitCertificate[]) =>
    validator.commit({ certificate: second.qc, attachments }, AT_NOW);
  expect(await expectRefusal(validator, () => request([]), 'MISSING_PREDECESSOR')).toEqual({ expectedSequence: 0n });
  expect(await request([first.cc])).toMatchObject({ type: 'commit' });
});
