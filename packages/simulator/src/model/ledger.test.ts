import { PATH_USD, type PaymentOrder, toAddress, toAmount, toSequence, ZERO_HASH } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createLedger } from './ledger.ts';
import { checkReserve } from './reserve.ts';
import type { Invariant, Settled } from './types.ts';

const alice = { owner: toAddress(`0x${'a1'.repeat(20)}`), asset: PATH_USD };
const bob = { owner: toAddress(`0x${'b0'.repeat(20)}`), asset: PATH_USD };

function order(sender: typeof alice, sequence: bigint, changes: Partial<PaymentOrder> = {}): PaymentOrder {
  return {
    kind: 0,
    sender: sender.owner,
    recipient: (sender === alice ? bob : alice).owner,
    asset: PATH_USD,
    amount: toAmount(100n),
    fee: toAmount(2n),
    sequence: toSequence(sequence),
    validUntil: 0n,
    memo: ZERO_HASH,
    parents: [],
    ...changes,
  };
}
const slotAt = (account: typeof alice, sequence: bigint) => ({ ...account, sequence: toSequence(sequence) });

test('money is conserved through payments, withdrawals, skipped slots and exits, in any order of slots', () => {
  const ledger = createLedger();
  ledger.deposit(alice, 1_000n);
  expect(ledger.resolve(slotAt(alice, 1n), '0x2', order(alice, 1n, { kind: 1 }))).toBe(true);
  expect(ledger.next(alice)).toBe(0n);
  ledger.resolve(slotAt(alice, 0n), '0x1', order(alice, 0n));
  ledger.resolve(slotAt(bob, 0n), '0x0', undefined);
  expect([ledger.next(alice), ledger.next(bob)]).toEqual([2n, 1n]);
  expect([ledger.balance(alice), ledger.balance(bob)]).toEqual([796n, 100n]);
  ledger.exit(alice, 796n);
  expect(ledger.balance(alice)).toBe(0n);
  expect(ledger.imbalance()).toBe(0n);
});

test('a slot is resolved once', () => {
  const ledger = createLedger();
  ledger.deposit(alice, 1_000n);
  ledger.resolve(slotAt(alice, 0n), '0x1', order(alice, 0n));
  expect(ledger.resolve(slotAt(alice, 0n), '0x1', order(alice, 0n))).toBe(false);
  expect(ledger.balance(bob)).toBe(100n);
});

test('the contract settles a chain of payments whatever the order in which it hears of them, and nothing unfunded', () => {
  const settled = (account: typeof alice, sequence: bigint): Settled => ({
    slot: slotAt(account, sequence),
    value: ZERO_HASH,
    round: 0,
    order: order(account, sequence, { amount: toAmount(50n) }),
  });
  const ledger = createLedger();
  const found: Invariant[] = [];
  const all = [settled(bob, 0n), settled(alice, 0n)];
  ledger.deposit(alice, 104n);
  for (const { slot, order: paid } of all) ledger.resolve(slot, '0x1', paid);
  const violate = (invariant: Invariant) => void found.push(invariant);
  checkReserve([{ account: alice, amount: 104n }], all, ledger, violate);
  expect(found).toEqual(['I8']);
  const rich = createLedger();
  rich.deposit(alice, 104n);
  rich.deposit(bob, 10n);
  for (const { slot, order: paid } of all) rich.resolve(slot, '0x1', paid);
  found.length = 0;
  checkReserve(
    [
      { account: alice, amount: 104n },
      { account: bob, amount: 10n },
    ],
    all,
    rich,
    violate,
  );
  expect(found).toEqual([]);
});
