import { PATH_USD, type PaymentOrder, toAddress, toAmount, toHash, toSequence, ZERO_HASH } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createPayments } from './payments.ts';
import type { Invariant } from './types.ts';

const alice = toAddress(`0x${'a1'.repeat(20)}`);
const value = toHash(`0x${'11'.repeat(32)}`);
const order: PaymentOrder = {
  kind: 0,
  sender: alice,
  recipient: toAddress(`0x${'b0'.repeat(20)}`),
  asset: PATH_USD,
  amount: toAmount(100n),
  fee: toAmount(2n),
  sequence: toSequence(0n),
  validUntil: 0n,
  memo: ZERO_HASH,
  parents: [],
};

test('an order is what was signed or sent under its hash, whatever a request carries beside that hash', () => {
  const found: Invariant[] = [];
  const payments = createPayments((invariant) => found.push(invariant));
  expect(payments.orderOf(value)).toBeUndefined();
  payments.signed(alice, value, 'attacker', order);
  expect(payments.orderOf(value)).toBe(order);

  const other = createPayments((invariant) => found.push(invariant));
  other.signed(alice, value, 'alice');
  other.sent('alice', value, order, '0x01');
  expect(other.orderOf(value)).toBe(order);
  expect(found).toEqual([]);
});
