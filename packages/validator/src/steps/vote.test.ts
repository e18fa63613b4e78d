import { createVerificationContext, verifyVote } from '@fastpay/crypto';
import {
  decodeCommitCertificate,
  encodeSignedOrder,
  type PaymentOrder,
  type SignedOrder,
  toAddress,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  ballotOf,
  blockAt,
  certify,
  createWorld,
  fund,
  hashOf,
  NOTHING,
  NOW,
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
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
const BUDGET = 10_000_000n;

async function fundedValidator() {
  const validator = openValidator(world);
  await fund(validator, alice, BUDGET);
  return validator;
}

const signed = (changes: Partial<PaymentOrder> = {}) => sign(world, alice, orderOf(alice, bob, changes));
const submit = (
  validator: ReturnType<typeof openValidator>,
  signedOrder: SignedOrder,
  attachments = [] as Parameters<typeof validator.vote>[0]['attachments'],
) => validator.vote({ signedOrder, attachments }, AT_NOW);

describe('an order that passes', () => {
  test('gets a vote that the committee’s key verifies, and is counted', async () => {
    const validator = await fundedValidator();
    const signedOrder = await signed();
    const answer = await submit(validator, signedOrder);
    if (answer.type !== 'vote') throw new Error('no vote');
    await verifyVote(createVerificationContext(world.network, world.engine), answer.vote);
    expect(answer.vote).toMatchObject({ epoch: 0n, ...ballotOf(world, signedOrder), signature: { signer: 0 } });
    expect(validator.counters()).toEqual({
      votesSigned: 1n,
      commitsSigned: 0n,
      slotsResolved: 0n,
      lastSignedAtMs: BigInt(NOW_MS),
    });
    expect(validator.payment(answer.vote.value)).toEqual({
      transactionHash: answer.vote.value,
      stage: 'ACCEPTED',
      signedOrder,
    });
    const { pendingOrder } = await validator.account(accountOf(alice), new Uint8Array(16), AT_NOW);
    expect(pendingOrder).toEqual(signedOrder);
  });

  test('gets the same bytes again, whenever it asks, and is written once', async () => {
    const validator = await fundedValidator();
    const signedOrder = await signed();
    const first = await submit(validator, signedOrder);
    const written = validator.kv.writtenCount();
    expect(await submit(validator, signedOrder)).toEqual(first);
    const late = { nowMs: NOW_MS + 100_000_000 };
    expect(await validator.vote({ signedOrder, attachments: [] }, late)).toEqual(first);
    expect(validator.kv.writtenCount()).toBe(written);
    expect(validator.counters().votesSigned).toBe(1n);
  });

  test('sent many times at once is recorded once, and everybody gets the same bytes', async () => {
    const validator = await fundedValidator();
    const signedOrder = await signed();
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(validator, signedOrder)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(validator.counters().votesSigned).toBe(1n);
  });

  test('may spend the balance to the last unit', async () => {
    const validator = await fundedValidator();
    const fee = toAmount(8_000n);
    const tooMuch = await signed({ amount: toAmount(BUDGET - fee + 1n) });
    expect(await expectRefusal(validator, () => submit(validator, tooMuch), 'INSUFFICIENT_FUNDS')).toEqual({
      balance: BUDGET,
    });
    expect(await submit(validator, await signed({ amount: toAmount(BUDGET - fee) }))).toMatchObject({ type: 'vote' });
  });
});

describe('two orders in one slot', () => {
  test('get one vote; the second is refused with the first one’s bytes', async () => {
    const validator = await fundedValidator();
    const [first, second] = [await signed(), await signed({ amount: toAmount(2_000_000n) })];
    await submit(validator, first);
    const facts = await expectRefusal(validator, () => submit(validator, second), 'EQUIVOCATION');
    expect(facts).toEqual({ storedOrder: encodeSignedOrder(first) });
  });

  test('get one vote when they come at the same moment', async () => {
    const validator = await fundedValidator();
    const orders = await Promise.all([1n, 2n, 3n, 4n].map((amount) => signed({ amount: toAmount(amount) })));
    const answers = await Promise.allSettled(orders.map((order) => submit(validator, order)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(validator.counters().votesSigned).toBe(1n);
  });

  test('an order that a quorum certified holds the slot without this validator’s own vote', async () => {
    const validator = await fundedValidator();
    const [first, second] = [await signed(), await signed({ amount: toAmount(2_000_000n) })];
    const { qc } = await certify(world, ballotOf(world, first), first);
    await validator.commit({ certificate: qc, attachments: [] }, AT_NOW);
    const facts = await expectRefusal(validator, () => submit(validator, second), 'EQUIVOCATION');
    expect(facts).toEqual({ storedOrder: encodeSignedOrder(first) });
    expect(await submit(validator, first)).toMatchObject({ type: 'vote' });
  });
});

describe('a refusal changes nothing', () => {
  test.each<[string, Partial<PaymentOrder>, string]>([
    ['an amount of zero', { amount: toAmount(0n) }, 'INVALID_FORMAT'],
    ['a payment to oneself', { recipient: alice.address }, 'INVALID_FORMAT'],
    ['a payment to the reserve', { recipient: world.network.domain.reserve }, 'INVALID_FORMAT'],
    ['an asset that is no token', { asset: bob.address }, 'NOT_PAYMENT'],
    ['an asset that is not listed', { asset: toAddress(`0x20c0${'0'.repeat(35)}9`) }, 'NOT_PAYMENT'],
    ['an order past its time', { validUntil: NOW - 1n }, 'EXPIRED'],
    ['an order too far ahead', { validUntil: NOW + 100_000n }, 'EXPIRED'],
    ['a fee below the surcharge', { fee: toAmount(7_999n) }, 'FEE_TOO_LOW'],
    ['a slot above next', { sequence: toSequence(1n) }, 'MISSING_PREDECESSOR'],
    ['a slot far above next', { sequence: toSequence(1_000n) }, 'MISSING_PREDECESSOR'],
    ['more than there is', { amount: toAmount(BUDGET) }, 'INSUFFICIENT_FUNDS'],
    ['an unknown parent', { parents: [hashOfNothing()] }, 'MISSING_PARENT'],
  ])('%s', async (_what, changes, code) => {
    const validator = await fundedValidator();
    const signedOrder = await signed(changes);
    await expectRefusal(validator, () => submit(validator, signedOrder), code as 'EXPIRED');
  });

  test('a signature of somebody else, of another network, of altered bytes, garbage', async () => {
    const validator = await fundedValidator();
    const order = orderOf(alice, bob);
    const otherNetwork = createWorld(undefined, { domain: { ...world.network.domain, chainId: 1n } });
    const good = await signed();
    const wrong: SignedOrder[] = [
      await sign(world, carol, order),
      await sign(otherNetwork, alice, order),
      { ...good, order: { ...order, amount: toAmount(1n) } },
      { order, payerSignature: new Uint8Array(65).fill(7) },
      { order, payerSignature: new Uint8Array() },
    ];
    for (const signedOrder of wrong) {
      await expectRefusal(validator, () => submit(validator, signedOrder), 'INVALID_SIGNATURE');
    }
    // Also once the order has a vote: other bytes are another request.
    await submit(validator, good);
    const forged = { order, payerSignature: new Uint8Array(65).fill(7) };
    await expectRefusal(validator, () => submit(validator, forged), 'INVALID_SIGNATURE');
  });

  test('a chain that was not seen for too long', async () => {
    const validator = openValidator(world);
    const old = NOW - world.network.exitDelaySeconds / 4n;
    await validator.applyFinalized(blockAt(1n, old), NOTHING);
    const signedOrder = await signed();
    await expectRefusal(validator, () => submit(validator, signedOrder), 'STALE_CHAIN');
  });

  test('a payment that was not settled for too long, until it is; skipped slots do not count', async () => {
    const validator = await fundedValidator();
    const quarterMs = (Number(world.network.exitDelaySeconds) / 4) * 1_000;
    const seenAgo = (milliseconds: number) => ({ nowMs: NOW_MS - milliseconds });
    await validator.resolve((await skipOf(world, slotAt(alice, 0n))).cc, seenAgo(9 * quarterMs));
    const unsettled = await paid(world, bob, orderOf(bob, alice));
    await validator.resolve(unsettled.cc, seenAgo(quarterMs));
    const signedOrder = await signed({ sequence: toSequence(1n) });
    const request = () => submit(validator, signedOrder);
    await expectRefusal(validator, request, 'STALE_CHAIN');
    await expect(request()).rejects.toThrow('has not been settled on chain for too long');
    const { slot, value } = unsettled.cc;
    const final = { stage: 'FINALIZED' as const, settlement: { block: blockAt(1n), transactionHash: value } };
    await validator.applySettlements([{ account: accountOf(bob), sequence: slot.sequence, value, ...final }]);
    expect(await request()).toMatchObject({ type: 'vote' });
  });

  test('nothing while the oldest unsettled payment is young enough', async () => {
    const validator = await fundedValidator();
    const quarterMs = (Number(world.network.exitDelaySeconds) / 4) * 1_000;
    const { cc } = await paid(world, bob, orderOf(bob, alice));
    await validator.resolve(cc, { nowMs: NOW_MS - quarterMs + 1_000 });
    expect(await submit(validator, await signed())).toMatchObject({ type: 'vote' });
  });

  test('a slot below next, with the certificate that holds it', async () => {
    const validator = await fundedValidator();
    const { cc } = await paid(world, alice, orderOf(alice, bob));
    await validator.resolve(cc, AT_NOW);
    const another = await signed({ amount: toAmount(5n) });
    const facts = await expectRefusal(validator, () => submit(validator, another), 'SEQUENCE_TOO_LOW');
    expect(facts.expectedSequence).toBe(1n);
    expect(decodeCommitCertificate(facts.commitCertificate ?? new Uint8Array())).toEqual(cc);
  });

  test('a slot that is resolved ahead of next, too', async () => {
    const validator = await fundedValidator();
    const { cc } = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(2n) }));
    await validator.resolve(cc, AT_NOW);
    const another = await signed({ amount: toAmount(5n), sequence: toSequence(2n) });
    const facts = await expectRefusal(validator, () => submit(validator, another), 'SEQUENCE_TOO_LOW');
    expect(facts.expectedSequence).toBe(0n);
  });

  test('a slot that goes on in a higher round', async () => {
    const validator = await fundedValidator();
    const order = await signed();
    const { qc } = await certify(world, { ...ballotOf(world, order), round: 3 }, order);
    await validator.commit({ certificate: qc, attachments: [] }, AT_NOW);
    const facts = await expectRefusal(validator, () => submit(validator, order), 'STALE_ROUND');
    expect(facts).toEqual({ promisedRound: 3 });
  });
});

test('the very order that a slot holds is answered with its certificate, unsigned bytes too', async () => {
  const validator = await fundedValidator();
  const { cc, signedOrder } = await paid(world, alice, orderOf(alice, bob));
  await validator.resolve(cc, AT_NOW);
  expect(await submit(validator, signedOrder)).toEqual({ type: 'resolved', certificate: cc });
});

test('a skipped slot takes no order any more', async () => {
  const validator = await fundedValidator();
  await validator.resolve((await skipOf(world, slotAt(alice, 0n))).cc, AT_NOW);
  const order = await signed();
  await expectRefusal(validator, () => submit(validator, order), 'SEQUENCE_TOO_LOW');
  expect(await submit(validator, await signed({ sequence: toSequence(1n) }))).toMatchObject({ type: 'vote' });
});

test('once its recipient is in the ledger, a payment costs no surcharge', async () => {
  const validator = await fundedValidator();
  const cheap = await signed({ fee: toAmount(2_000n) });
  const facts = await expectRefusal(validator, () => submit(validator, cheap), 'FEE_TOO_LOW');
  expect(facts).toEqual({ requiredFee: 8_000n });
  await fund(validator, bob, 1n);
  expect(await submit(validator, cheap)).toMatchObject({ type: 'vote' });
});

function hashOfNothing() {
  return hashOf(world, { order: orderOf(bob, carol), payerSignature: new Uint8Array() });
}
