import { limits, toAmount, toSequence } from '@fastpay/protocol';
import { expect, test, vi } from 'vitest';
import {
  AT_NOW,
  blockAt,
  createWorld,
  fund,
  openValidator,
  orderOf,
  paid,
  payer,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';
import type { Validator } from '../validator.ts';

const world = createWorld();
const [alice, bob, carol, dave] = [payer(0), payer(1), payer(2), payer(3)];
type Paid = Awaited<ReturnType<typeof paid>>;

/** Resolved at the validator, the next slot of the payer each time. */
function paying(validator: Validator) {
  const next = new Map<string, bigint>();
  return async (from: typeof alice, to: typeof alice, amount: bigint): Promise<Paid> => {
    const sequence = next.get(from.address) ?? 0n;
    next.set(from.address, sequence + 1n);
    const order = orderOf(from, to, {
      sequence: toSequence(sequence),
      amount: toAmount(amount),
      fee: toAmount(2_000n),
    });
    const payment = await paid(world, from, order);
    await validator.resolve(payment.cc, AT_NOW);
    return payment;
  };
}

const settleAll = (validator: Validator, payments: readonly Paid[], stage: 'INCLUDED' | 'FINALIZED') =>
  validator.applySettlements(
    payments.map(({ cc: { slot, value } }) => ({
      account: { owner: slot.owner, asset: slot.asset },
      sequence: slot.sequence,
      value,
      stage,
      settlement: { block: blockAt(9n), transactionHash: value },
    })),
  );
const certificatesOf = (payments: readonly Paid[]) => payments.map(({ cc }) => cc);

test('holds what credits the payer and, in turn, what credits those; nothing that is only spent by them', async () => {
  const validator = openValidator(world);
  const pay = paying(validator);
  await fund(validator, alice, 10_000_000n);
  await fund(validator, dave, 10_000_000n);
  const toBob = await pay(alice, bob, 5_000_000n);
  await pay(alice, dave, 1_000_000n);
  const fromDave = await pay(dave, bob, 1_000_000n);
  await pay(bob, dave, 1_000n);
  const toCarol = await pay(bob, carol, 4_000_000n);
  // It credits Dave, who pays Bob, who pays Carol: all of it may be needed.
  const closure = validator.fundingClosure(toCarol.hash);
  expect(closure?.complete).toBe(true);
  expect(closure?.certificates).toHaveLength(5);
  expect(validator.fundingClosure(toBob.hash)).toEqual({ certificates: [toBob.cc], complete: true });
  expect(closure?.certificates.at(-1)).toEqual(toCarol.cc);
  expect(closure?.certificates).toContainEqual(fromDave.cc);
});

test('shrinks as its parts are seen final, not when they are only included; a settled payment needs nothing', async () => {
  const validator = openValidator(world);
  const pay = paying(validator);
  await fund(validator, alice, 10_000_000n);
  const [first, second, third] = [
    await pay(alice, bob, 5_000_000n),
    await pay(bob, carol, 4_000_000n),
    await pay(carol, dave, 3_000_000n),
  ];
  const closureOf = ({ hash }: Paid) => validator.fundingClosure(hash);
  expect(closureOf(third)).toEqual({ certificates: certificatesOf([first, second, third]), complete: true });
  await settleAll(validator, [first], 'INCLUDED');
  expect(closureOf(third)?.certificates).toHaveLength(3);
  await settleAll(validator, [first], 'FINALIZED');
  expect(closureOf(third)).toEqual({ certificates: certificatesOf([second, third]), complete: true });
  await settleAll(validator, [second, third], 'FINALIZED');
  expect(closureOf(third)).toEqual({ certificates: [third.cc], complete: true });
});

test('comes in an order that settles even when the certificates came in another', async () => {
  const validator = openValidator(world);
  const first = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5_000_000n) }));
  const second = await paid(world, bob, orderOf(bob, carol, { amount: toAmount(4_000_000n) }));
  await validator.resolve(second.cc, AT_NOW);
  // What funds it is not known here yet.
  expect(validator.fundingClosure(second.hash)).toEqual({ certificates: [second.cc], complete: false });
  await validator.resolve(first.cc, AT_NOW);
  expect(validator.fundingClosure(second.hash)?.complete).toBe(false);
  await fund(validator, alice, 10_000_000n);
  expect(validator.fundingClosure(second.hash)).toEqual({ certificates: [first.cc, second.cc], complete: true });
});

test('payments in a circle are each named once', async () => {
  const validator = openValidator(world);
  const pay = paying(validator);
  await fund(validator, alice, 10_000_000n);
  const circle = [
    await pay(alice, bob, 5_000_000n),
    await pay(bob, carol, 4_000_000n),
    await pay(carol, alice, 3_000_000n),
  ];
  const last = await pay(alice, dave, 7_000_000n);
  expect(validator.fundingClosure(last.hash)).toEqual({
    certificates: certificatesOf([...circle, last]),
    complete: true,
  });
});

test('the unsettled slots of the payer before it belong to it, skipped ones too, and none after it', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000_000n);
  const skipped = await skipOf(world, slotAt(alice, 0n));
  await validator.resolve(skipped.cc, AT_NOW);
  const at = async (sequence: bigint) => {
    const payment = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) }));
    await validator.resolve(payment.cc, AT_NOW);
    return payment;
  };
  const [first, second, third] = [await at(1n), await at(2n), await at(3n)];
  expect(validator.fundingClosure(first.hash)).toEqual({ certificates: [skipped.cc, first.cc], complete: true });
  expect(validator.fundingClosure(third.hash)).toEqual({
    certificates: [skipped.cc, first.cc, second.cc, third.cc],
    complete: true,
  });
});

test('is not whole while a slot before one of its payments is not known here', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000_000n);
  await fund(validator, bob, 10_000_000n);
  const skipped = await skipOf(world, slotAt(alice, 0n));
  const second = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }));
  await validator.resolve(second.cc, AT_NOW);
  expect(validator.fundingClosure(second.hash)).toEqual({ certificates: [second.cc], complete: false });
  // Nor is what it funds.
  const spent = await paid(world, bob, orderOf(bob, carol));
  await validator.resolve(spent.cc, AT_NOW);
  expect(validator.fundingClosure(spent.hash)?.complete).toBe(false);
  await validator.resolve(skipped.cc, AT_NOW);
  expect(validator.fundingClosure(second.hash)).toEqual({ certificates: [skipped.cc, second.cc], complete: true });
  expect(validator.fundingClosure(spent.hash)?.complete).toBe(true);
});

test('is bounded, and says that it is not whole', async () => {
  const validator = openValidator(world);
  const made = await Promise.all(
    Array.from({ length: limits.closureCertificates + 5 }, async (_, index) => {
      const owner = payer(100 + index);
      return { owner, payment: await paid(world, owner, orderOf(owner, bob)) };
    }),
  );
  for (const { owner, payment } of made) {
    await fund(validator, owner, 2_000_000n);
    await validator.resolve(payment.cc, AT_NOW);
  }
  const spent = await paid(world, bob, orderOf(bob, carol));
  await validator.resolve(spent.cc, AT_NOW);
  const closure = validator.fundingClosure(spent.hash);
  expect(closure?.certificates).toHaveLength(limits.closureCertificates);
  expect(closure?.complete).toBe(false);
  expect(closure?.certificates).toContainEqual(spent.cc);
});

test('takes as much reading as it holds, however many slots of one payer it is', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000_000n);
  const slots = 64;
  let last: Paid | undefined;
  for (let sequence = 0n; sequence < slots; sequence++) {
    last = await paid(world, alice, orderOf(alice, bob, { sequence: toSequence(sequence) }));
    await validator.resolve(last.cc, AT_NOW);
  }
  if (!last) throw new Error('expected a payment');
  let rows = 0;
  const range = validator.kv.range.bind(validator.kv);
  vi.spyOn(validator.kv, 'range').mockImplementation((options) => {
    const found = [...range(options)];
    rows += found.length;
    return found;
  });
  expect(validator.fundingClosure(last.hash)?.certificates).toHaveLength(slots);
  expect(rows).toBeLessThan(2 * slots);
});

test('nothing is said of a payment that is not resolved here, or lost its slot', async () => {
  const validator = openValidator(world);
  await fund(validator, alice, 10_000_000n);
  const [loser, winner] = [
    await paid(world, alice, orderOf(alice, bob)),
    await paid(world, alice, orderOf(alice, carol)),
  ];
  await validator.vote({ signedOrder: loser.signedOrder, attachments: [] }, AT_NOW);
  expect(validator.fundingClosure(loser.hash)).toBeUndefined();
  await validator.resolve(winner.cc, AT_NOW);
  expect(validator.fundingClosure(loser.hash)).toBeUndefined();
  expect(validator.fundingClosure(dave.address.padEnd(66, '0') as never)).toBeUndefined();
});
