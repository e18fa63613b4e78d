import { PATH_USD, type PaymentOrder, toAddress, toAmount, toSequence, ZERO_HASH } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import type { AccountRef } from './ledger.ts';
import { createSpendChains, type OnChain, type SpendChains } from './spend-chains.ts';

const [alice, bob, carol] = ['a1', 'b0', 'ca'].map((digits) => ({
  owner: toAddress(`0x${digits.repeat(20)}`),
  asset: PATH_USD,
})) as [AccountRef, AccountRef, AccountRef];

let onChain: Map<AccountRef['owner'], OnChain>;
let chains: SpendChains;
let nowMs: number;

beforeEach(() => {
  onChain = new Map([[alice.owner, { balance: 1_000n, next: 0n }]]);
  chains = createSpendChains(({ owner }) => onChain.get(owner) ?? { balance: 0n, next: 0n });
  nowMs = 0;
});

function pay(payer: AccountRef, sequence: bigint, to: AccountRef, amount: bigint, kind: PaymentOrder['kind'] = 0) {
  nowMs += 100;
  const slot = { ...payer, sequence: toSequence(sequence) };
  const order: PaymentOrder = {
    kind,
    sender: payer.owner,
    recipient: to.owner,
    asset: PATH_USD,
    amount: toAmount(amount),
    fee: toAmount(2n),
    sequence: slot.sequence,
    validUntil: 0n,
    memo: ZERO_HASH,
    parents: [],
  };
  return chains.paid(slot, order, nowMs);
}

test('each payment out of what was just received is one deeper, around a circle too', () => {
  expect(pay(alice, 0n, bob, 998n)).toEqual({ depth: 1 });
  expect(pay(bob, 0n, carol, 996n)).toEqual({ depth: 2, afterMs: 100 });
  expect(pay(carol, 0n, alice, 994n)).toEqual({ depth: 3, afterMs: 100 });
  expect(pay(alice, 1n, bob, 992n)).toEqual({ depth: 4, afterMs: 100 });
  expect(pay(bob, 1n, bob, 990n, 1).depth).toBe(5);
});

test('a payment that its payer could make without what it received is no link', () => {
  onChain.set(bob.owner, { balance: 500n, next: 0n });
  pay(alice, 0n, bob, 998n);
  expect(pay(bob, 0n, carol, 400n)).toEqual({ depth: 1 });
  // What was spent is spent: the next one needs the credit.
  expect(pay(bob, 1n, carol, 400n).depth).toBe(2);
});

test('the shallowest credits that suffice count, not the deepest there are', () => {
  onChain.set(carol.owner, { balance: 300n, next: 0n });
  pay(alice, 0n, bob, 500n);
  pay(bob, 0n, alice, 498n);
  expect(pay(alice, 1n, bob, 600n).depth).toBe(3);
  pay(carol, 0n, bob, 250n);
  expect(pay(bob, 1n, carol, 240n).depth).toBe(2);
});

test('what the chain has settled is no credit any more, and is one again when its block is abandoned', () => {
  pay(alice, 0n, bob, 998n);
  onChain = new Map([
    [alice.owner, { balance: 0n, next: 1n }],
    [bob.owner, { balance: 998n, next: 0n }],
  ]);
  expect(pay(bob, 0n, carol, 100n)).toEqual({ depth: 1 });
  onChain = new Map([[alice.owner, { balance: 1_000n, next: 0n }]]);
  expect(pay(bob, 1n, carol, 100n).depth).toBe(2);
});
