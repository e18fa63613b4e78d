import { type CommitCertificate, SKIP, toHash } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import { orderOf, payer, slotAt } from '../testing/world.fixtures.ts';
import { creditOf, decideResolve, withCredit } from './resolve.ts';

const value = toHash(`0x${'11'.repeat(32)}`);
const other = toHash(`0x${'22'.repeat(32)}`);
const [alice, bob] = [payer(0), payer(1)];
const order = orderOf(alice, bob);

const cc = (sequence: bigint, changes: Partial<CommitCertificate> = {}): CommitCertificate => ({
  type: 'commit',
  epoch: 0n,
  slot: slotAt(alice, sequence),
  round: 0,
  value,
  signatures: [],
  signedOrder: { order, payerSignature: new Uint8Array(65) },
  ...changes,
});
function skip(sequence: bigint): CommitCertificate {
  const { signedOrder: _none, ...rest } = cc(sequence, { value: SKIP, round: 1 });
  return rest;
}

test('debits amount and fee and moves next, below zero too', () => {
  const decision = decideResolve(cc(0n), { account: undefined, resolvedValue: undefined });
  expect(decision).toEqual({
    type: 'resolve',
    account: { ...NEW_ACCOUNT, balance: -(order.amount + order.fee), next: 1n },
    hasAdvanced: true,
  });
});

test('SKIP moves no money', () => {
  const decision = decideResolve(skip(0n), { account: { ...NEW_ACCOUNT, balance: 7n }, resolvedValue: undefined });
  expect(decision).toMatchObject({ type: 'resolve', account: { balance: 7n, next: 1n } });
  expect(creditOf(skip(0n))).toBeUndefined();
});

test('credits a transfer to its recipient, a withdrawal to nobody', () => {
  expect(creditOf(cc(0n))).toBe(order.amount);
  const withdrawal = { order: { ...order, kind: 1 as const }, payerSignature: new Uint8Array(65) };
  expect(creditOf(cc(0n, { signedOrder: withdrawal }))).toBeUndefined();
  expect(withCredit(undefined, 5n)).toEqual({ ...NEW_ACCOUNT, balance: 5n });
  expect(withCredit({ ...NEW_ACCOUNT, balance: -3n, next: 4n, isHalted: true }, 5n)).toEqual({
    ...NEW_ACCOUNT,
    balance: 2n,
    next: 4n,
    isHalted: true,
  });
});

test('known is known, and another value for the slot is a conflict', () => {
  expect(decideResolve(cc(0n), { account: undefined, resolvedValue: value })).toEqual({ type: 'known' });
  expect(decideResolve(cc(0n), { account: undefined, resolvedValue: other })).toEqual({ type: 'conflict' });
  const isHalted = { ...NEW_ACCOUNT, isHalted: true };
  expect(decideResolve(cc(0n), { account: isHalted, resolvedValue: value })).toEqual({ type: 'known' });
  for (const resolvedValue of [other, undefined]) {
    expect(decideResolve(cc(0n), { account: isHalted, resolvedValue })).toMatchObject({
      reject: { code: 'TEMPORARILY_UNAVAILABLE' },
    });
  }
});

test('takes 64 slots from next on, and no more', () => {
  const account = { ...NEW_ACCOUNT, next: 10n };
  expect(decideResolve(cc(73n), { account, resolvedValue: undefined })).toMatchObject({
    type: 'resolve',
    account: { next: 10n, resolvedAhead: 1n << 63n },
    hasAdvanced: false,
  });
  expect(decideResolve(cc(74n), { account, resolvedValue: undefined })).toMatchObject({
    reject: { code: 'MISSING_PREDECESSOR', facts: { expectedSequence: 10n } },
  });
});

test('any order of resolutions within the window ends in the same account, next over the contiguous prefix', () => {
  const sequences = fc
    .uniqueArray(fc.nat(63), { maxLength: 64 })
    .chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length, maxLength: set.length })),
    );
  const applyAll = (list: readonly number[]) =>
    list.reduce((account: AccountState, sequence) => {
      const decision = decideResolve(cc(BigInt(sequence)), { account, resolvedValue: undefined });
      if (decision.type !== 'resolve') throw new Error(`refused ${sequence}`);
      expect(decision.hasAdvanced).toBe(decision.account.next > account.next);
      return decision.account;
    }, NEW_ACCOUNT);
  fc.assert(
    fc.property(sequences, ([set, shuffled]) => {
      const end = applyAll(set);
      expect(applyAll(shuffled)).toEqual(end);
      const gap = Array.from({ length: 65 }, (_, at) => at).find((at) => !set.includes(at));
      expect(end.next).toBe(BigInt(gap as number));
      expect(end.balance).toBe(-BigInt(set.length) * (order.amount + order.fee));
      const ahead = set.filter((sequence) => BigInt(sequence) > end.next);
      expect(end.resolvedAhead).toBe(
        ahead.reduce((bits, sequence) => bits | (1n << (BigInt(sequence) - end.next)), 0n),
      );
    }),
  );
});
