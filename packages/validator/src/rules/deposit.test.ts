import { MAX_U64 } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { ChainMismatchError } from '../errors.ts';
import { blockAt, depositOf, payer } from '../testing/world.fixtures.ts';
import type { Deposit } from '../validator.ts';
import { type ChainSituation, decideDeposits } from './deposit.ts';

const alice = payer(0);
const known = [depositOf(0n, alice, 5n), depositOf(1n, alice, 6n)];
const situation: ChainSituation = {
  finalized: blockAt(4n),
  nextDepositIndex: 2n,
  deposit: (index) => known[Number(index)],
};
const decide = (height: bigint, deposits: readonly Deposit[]) => decideDeposits(blockAt(height), deposits, situation);

test('takes deposits in index order and moves on', () => {
  const [third, fourth] = [depositOf(2n, alice, 7n, 5n), depositOf(3n, alice, MAX_U64, 6n)];
  expect(decide(6n, [third, fourth])).toEqual({ fresh: [third, fourth], changes: true });
  expect(decide(6n, [])).toEqual({ fresh: [], changes: true });
});

test('a deposit from a block below the last one is taken when its index is due', () => {
  const late = depositOf(2n, alice, 7n, 3n);
  expect(decide(5n, [late])).toEqual({ fresh: [late], changes: true });
});

test('passes over what was taken in before, if it is the same', () => {
  expect(decide(4n, known)).toEqual({ fresh: [], changes: false });
  const third = depositOf(2n, alice, 7n, 5n);
  expect(decide(5n, [...known, third])).toEqual({ fresh: [third], changes: true });
});

test.each<[string, bigint, readonly Deposit[], RegExp]>([
  ['a lower block', 3n, [], /belongs to another chain/],
  ['a gap', 9n, [depositOf(3n, alice, 1n)], /deposit 3 came where deposit 2 was due/],
  ['a double', 9n, [depositOf(2n, alice, 1n), depositOf(2n, alice, 1n)], /deposit 2 came where deposit 3/],
  ['the wrong order', 9n, [depositOf(3n, alice, 1n), depositOf(2n, alice, 1n)], /deposit 3 came where deposit 2/],
  ['a known index with another amount', 9n, [depositOf(1n, alice, 7n)], /deposit 1 differs/],
  ['a known index for another owner', 9n, [depositOf(1n, payer(1), 6n)], /deposit 1 differs/],
  ['a block above the finalized one', 9n, [depositOf(2n, alice, 1n, 10n)], /above the finalized one/],
  ['nothing', 9n, [depositOf(2n, alice, 0n)], /cannot have emitted/],
  ['less than nothing', 9n, [depositOf(2n, alice, -1n)], /cannot have emitted/],
  ['more than 64 bits', 9n, [depositOf(2n, alice, MAX_U64 + 1n)], /cannot have emitted/],
])('%s belongs to no chain that this store follows', (_what, height, deposits, message) => {
  expect(() => decide(height, deposits)).toThrow(ChainMismatchError);
  expect(() => decide(height, deposits)).toThrow(message);
});

test('the same height with another hash is another chain', () => {
  const forked = { ...blockAt(4n), hash: blockAt(5n).hash };
  expect(() => decideDeposits(forked, [], situation)).toThrow(ChainMismatchError);
});
