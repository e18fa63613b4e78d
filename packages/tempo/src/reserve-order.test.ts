import { PATH_USD, toSequence } from '@fastpay/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Outcome } from './reserve-events.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';

/** Slots of an account settle one after the other, each once (§6). */

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

let owners = 0;
function newPayer() {
  owners += 1;
  return createPayer('secp256k1', owners);
}

/** Skips, since they need no money: the order treats all values alike. */
async function use(
  owner: ReturnType<typeof newPayer>['address'],
  sequences: readonly bigint[],
): Promise<readonly Outcome[]> {
  const slots = sequences.map((sequence) => ({ owner, asset: PATH_USD, sequence: toSequence(sequence) }));
  const certificates = await Promise.all(slots.map((slot) => lab.certifySkip(slot)));
  return (await lab.settle(certificates)).outcomes;
}

async function nextOf(owner: ReturnType<typeof newPayer>['address']): Promise<bigint> {
  return (await lab.chain.accountOnChain({ owner, asset: PATH_USD })).nextSequence;
}

it('settles the next slot only', async () => {
  const { address } = newPayer();
  expect(await use(address, [1n, 0n, 2n, 1n, 0n])).toEqual([
    'OUT_OF_ORDER',
    'SETTLED',
    'OUT_OF_ORDER',
    'SETTLED',
    'ALREADY_SETTLED',
  ]);
  expect(await nextOf(address)).toBe(2n);
});

it('does not touch the balance beside it in the same word', async () => {
  const { address } = newPayer();
  const amount = (1n << 64n) - 1n;
  await lab.deposit([{ account: address, amount: amount / 2n }]);
  await use(address, [0n, 1n]);
  expect(await lab.balance(address)).toBe(amount / 2n);
  await lab.deposit([{ account: address, amount: 5n }]);
  expect(await lab.balance(address)).toBe(amount / 2n + 5n);
  expect(await nextOf(address)).toBe(2n);
});

it('settles any sequence of slots as a counter would', async () => {
  const sequences = fc.array(fc.bigInt({ min: 0n, max: 12n }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(sequences, async (wanted) => {
      const { address } = newPayer();
      let next = 0n;
      const expected = wanted.map((sequence): Outcome => {
        if (sequence < next) return 'ALREADY_SETTLED';
        if (sequence > next) return 'OUT_OF_ORDER';
        next += 1n;
        return 'SETTLED';
      });
      expect(await use(address, wanted)).toEqual(expected);
      expect(await nextOf(address)).toBe(next);
    }),
    { numRuns: 15 },
  );
});

it('lets nobody make a circle of payments wait for itself by settling a later one first', async () => {
  const [alice, bob, carol] = [newPayer(), newPayer(), newPayer()];
  const fee = 2_000n;
  await lab.deposit([{ account: alice.address, amount: 10_000_000n + 2n * fee }]);
  const pay = async (from: typeof alice, to: typeof alice, amount: bigint, sequence: bigint) =>
    lab.certify(createOrder({ sender: from.address, recipient: to.address, amount, fee, sequence }), from);
  const toBob = await pay(alice, bob, 10_000_000n, 0n);
  const back = await pay(bob, alice, 8_000_000n, 0n);
  const toCarol = await pay(alice, carol, 8_000_000n, 1n);
  expect((await lab.settle([toCarol])).outcomes).toEqual(['OUT_OF_ORDER']);
  expect((await lab.settle([toBob, back, toCarol])).outcomes).toEqual(['SETTLED', 'SETTLED', 'SETTLED']);
  expect(await lab.balance(carol.address)).toBe(8_000_000n);
});
