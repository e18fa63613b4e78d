import { createVerificationContext, verifyCommit } from '@fastpay/crypto';
import { decodeCommitCertificate, type QuorumCertificate, SKIP, toAmount, toSequence } from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  ballotOf,
  certify,
  createWorld,
  fund,
  hashOf,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  sign,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
type Opened = ReturnType<typeof openValidator>;
const submit = (validator: Opened, certificate: QuorumCertificate) =>
  validator.commit({ certificate, attachments: [] }, AT_NOW);

test('a quorum certificate gets a commit that the settlement key verifies, without vote or funds here', async () => {
  const validator = openValidator(world);
  const { qc, signedOrder, hash } = await paid(world, alice, orderOf(alice, bob));
  const answer = await submit(validator, qc);
  if (answer.type !== 'commit') throw new Error('no commit');
  await verifyCommit(createVerificationContext(world.network, world.engine), answer.commit);
  expect(answer.commit).toMatchObject({ epoch: 0n, ...ballotOf(world, signedOrder), signature: { signer: 0 } });
  expect(validator.counters()).toMatchObject({ commitsSigned: 1n, votesSigned: 0n, lastSignedAtMs: BigInt(NOW_MS) });
  expect(validator.payment(hash)).toEqual({ transactionHash: hash, stage: 'CERTIFIED', signedOrder });
});

test('again, by another subset of signers, or many times at once: the same bytes, written once', async () => {
  const validator = openValidator(world);
  const { qc, signedOrder } = await paid(world, alice, orderOf(alice, bob));
  const answers = await Promise.all(Array.from({ length: 5 }, () => submit(validator, qc)));
  const other = await certify(world, ballotOf(world, signedOrder), signedOrder, [0, 1, 3]);
  answers.push(await submit(validator, other.qc));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(validator.counters().commitsSigned).toBe(1n);
});

test('a higher round unseats the lock, and the commit given before is given again', async () => {
  const validator = openValidator(world);
  const [first, second] = [
    await sign(world, alice, orderOf(alice, bob)),
    await sign(world, alice, orderOf(alice, bob, { amount: toAmount(5n) })),
  ];
  const low = await certify(world, ballotOf(world, first, 2), first);
  const high = await certify(world, ballotOf(world, second, 7), second);
  const given = await submit(validator, high.qc);
  expect(await expectRefusal(validator, () => submit(validator, low.qc), 'STALE_ROUND')).toEqual({ promisedRound: 7 });
  expect(await submit(validator, high.qc)).toEqual(given);
});

test('a SKIP of a higher round is committed to like any value', async () => {
  const validator = openValidator(world);
  const { qc } = await skipOf(world, slotAt(alice, 0n), 4);
  expect(await submit(validator, qc)).toMatchObject({ type: 'commit', commit: { value: SKIP, round: 4 } });
});

test('the slot it is for is answered with what it holds', async () => {
  const validator = openValidator(world);
  const { qc, cc } = await paid(world, alice, orderOf(alice, bob));
  await validator.resolve(cc, AT_NOW);
  expect(await submit(validator, qc)).toEqual({ type: 'resolved', certificate: cc });
  const other = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
  const facts = await expectRefusal(validator, () => submit(validator, other.qc), 'SEQUENCE_TOO_LOW');
  expect(decodeCommitCertificate(facts.commitCertificate ?? new Uint8Array())).toEqual(cc);
  expect(facts.expectedSequence).toBe(1n);
});

test('a certificate that proves nothing changes nothing', async () => {
  const validator = openValidator(world);
  const { qc, signedOrder } = await paid(world, alice, orderOf(alice, bob));
  const another = await sign(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
  const [first, second, third] = qc.signatures;
  if (!first || !second || !third) throw new Error('no signatures');
  const { signedOrder: _order, ...bare } = qc;
  const broken = Uint8Array.from(first.signature);
  broken[0] = (broken[0] ?? 0) ^ 1;
  const forgeries: [string, QuorumCertificate][] = [
    ['too little stake', { ...qc, signatures: [first, second] }],
    ['one signer twice', { ...qc, signatures: [first, first, second] }],
    ['signers out of order', { ...qc, signatures: [second, first, third] }],
    ['a signer outside the committee', { ...qc, signatures: [first, second, { ...third, signer: 9 }] }],
    ['a bad signature', { ...qc, signatures: [{ ...first, signature: broken }, second, third] }],
    ['signatures of another round', { ...qc, round: 1 }],
    ['another epoch', { ...qc, epoch: 1n }],
    ['another value', { ...qc, value: hashOf(world, another) }],
    ['another order', { ...qc, signedOrder: another }],
    ['no order', bare],
    ['SKIP with an order', { ...qc, value: SKIP }],
    ['an unsigned order', { ...qc, signedOrder: { ...signedOrder, payerSignature: new Uint8Array(65) } }],
    ['another slot', { ...qc, slot: slotAt(bob, 0n) }],
  ];
  for (const [what, forged] of forgeries) {
    await expectRefusal(validator, () => submit(validator, forged), 'INVALID_CERTIFICATE').catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
  }
});

test('above next it names the slot that is missing', async () => {
  const validator = openValidator(world);
  const { qc } = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(2n) }));
  expect(await expectRefusal(validator, () => submit(validator, qc), 'MISSING_PREDECESSOR')).toEqual({
    expectedSequence: 0n,
  });
});

test('two valid certificates of one round halt the account and are kept as evidence', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000n);
  const [first, second] = [
    await paid(world, alice, orderOf(alice, bob)),
    await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5n) })),
  ];
  await submit(validator, first.qc);
  // A forgery of the same shape raises no alarm.
  const forged = { ...second.qc, signatures: second.qc.signatures.slice(1) };
  await expectRefusal(validator, () => submit(validator, forged), 'INVALID_CERTIFICATE');
  expect(validator.alarms()).toEqual([]);

  await expect(submit(validator, second.qc)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(validator.alarms()).toEqual([
    { slot: slotAt(alice, 0n), reason: 'conflictingQuorums', certificates: [first.qc, second.qc] },
  ]);
  const halted = dump(validator.kv);
  for (const request of [
    () => submit(validator, first.qc),
    () => validator.vote({ signedOrder: first.signedOrder, attachments: [] }, AT_NOW),
    () => validator.resolve(first.cc, AT_NOW),
  ]) {
    await expect(request()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  }
  expect(dump(validator.kv)).toEqual(halted);
  // Others go on, and what is theirs still comes in.
  await fund(validator, alice, 1n);
  const statement = await validator.account(accountOf(alice), new Uint8Array(16), AT_NOW);
  expect(statement.signed.statement.balance).toBe(10_000_001n);
});
