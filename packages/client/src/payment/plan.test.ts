import { type CommitCertificate, PATH_USD, RejectError, toAmount, toSequence, ZERO_HASH } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import type { VerifiedStatement } from '../account/statements.ts';
import { summarize } from '../account/summary.ts';
import { createTestNetwork } from '../testing/network.fixtures.ts';
import { alice, bob, sampleCertificate, sampleHash, sampleOrder } from '../testing/samples.fixtures.ts';
import { planPayment } from './plan.ts';

const { committee } = createTestNetwork().network;
const intent = { kind: 0, recipient: bob, asset: PATH_USD, amount: 100n } as const;

const said = (signer: number, balance: bigint, next = 3n): VerifiedStatement => ({
  signer,
  stake: 1n,
  balance,
  next,
  finalizedHeight: 9n,
  unixMillis: 1_700_000_000_999n,
});

/** Received payments of these amounts, newest first. */
const receipts = (...amounts: bigint[]): readonly CommitCertificate[] =>
  amounts.map((amount, index) =>
    sampleCertificate(
      sampleOrder({ sender: bob, recipient: alice, amount: toAmount(amount), sequence: toSequence(BigInt(index)) }),
      sampleHash(`received ${index}`),
    ),
  );

function plan(statements: readonly VerifiedStatement[], received: readonly CommitCertificate[] = []) {
  const summary = summarize(committee, statements, 3n, () => undefined);
  if (!summary) throw new Error('expected a summary');
  return planPayment(committee, { owner: alice, intent, fee: 2n, summary, received, deviceMs: 5n });
}
const refusal = (statements: readonly VerifiedStatement[], received: readonly CommitCertificate[] = []) => {
  try {
    plan(statements, received);
  } catch (error) {
    if (error instanceof RejectError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
};

test('takes the next slot, and its time from the validators', () => {
  expect(plan([said(0, 102n), said(1, 102n), said(2, 102n)])).toEqual({
    kind: 0,
    sender: alice,
    recipient: bob,
    asset: PATH_USD,
    amount: 100n,
    fee: 2n,
    sequence: 3n,
    validUntil: 1_700_000_600n,
    memo: ZERO_HASH,
    parents: [],
  });
});

describe('while no quorum answers', () => {
  const few = (deviceMs: bigint) => {
    const heard = [said(0, 102n), { ...said(1, 102n), unixMillis: 1_700_000_005_000n }];
    const summary = summarize(committee, heard, 3n, () => undefined, 2n);
    if (!summary) throw new Error('expected a summary');
    return planPayment(committee, { owner: alice, intent, fee: 2n, summary, received: [], deviceMs });
  };

  test('the time is this device’s, as far as those who answer leave room, and long', () => {
    const twelveHours = 43_200n;
    expect(few(1_700_000_003_000n).validUntil).toBe(1_700_000_003n + twelveHours);
    expect(few(0n).validUntil).toBe(1_700_000_000n + twelveHours);
    expect(few(10n ** 15n).validUntil).toBe(1_700_000_005n + twelveHours);
  });
});

describe('parents', () => {
  test('none while every validator that answers has the money', () => {
    expect(plan([said(0, 500n), said(1, 102n), said(2, 500n)], receipts(50n)).parents).toEqual([]);
  });

  test('the newest received ones that make up for what one validator lacks', () => {
    const statements = [said(0, 500n), said(1, 500n), said(2, 500n), said(3, 32n)];
    expect(plan(statements, receipts(50n, 30n, 20n)).parents).toEqual([
      sampleHash('received 0'),
      sampleHash('received 1'),
    ]);
  });

  test('no reason to refuse when they cannot make up for it: a quorum has the money', () => {
    const statements = [said(0, 500n), said(1, 500n), said(2, 500n), said(3, -400n)];
    expect(plan(statements, receipts(5n)).parents).toEqual([sampleHash('received 0')]);
  });

  test('let a payment go that only some validators have the money for yet', () => {
    const statements = [said(0, 110n), said(1, 110n), said(2, 10n), said(3, 10n)];
    expect(plan(statements, receipts(60n, 40n)).parents).toEqual([sampleHash('received 0'), sampleHash('received 1')]);
  });

  test('are at most eight', () => {
    const statements = [said(0, 500n), said(1, 500n), said(2, 500n), said(3, 0n)];
    expect(plan(statements, receipts(...Array.from({ length: 16 }, () => 1n))).parents).toHaveLength(8);
  });
});

describe('refuses, with what is there and what it costs', () => {
  test('when the money is not there', () => {
    const error = refusal([said(0, 101n), said(1, 101n), said(2, 101n)]);
    expect(error).toMatchObject({ code: 'INSUFFICIENT_FUNDS', facts: { balance: 101n, requiredFee: 2n } });
    expect(error.message).toContain('0.000102');
    expect(error.message).toContain('0.000101');
  });

  test('when one validator alone says that it is there', () => {
    expect(refusal([said(0, 500n), said(1, 10n), said(2, 10n), said(3, 10n)], receipts(490n)).code).toBe(
      'INSUFFICIENT_FUNDS',
    );
  });

  test('when two say so, but no certificate at hand would convince the others', () => {
    const statements = [said(0, 500n), said(1, 500n), said(2, 10n), said(3, 10n)];
    expect(refusal(statements, receipts(50n)).code).toBe('INSUFFICIENT_FUNDS');
  });

  test('and does not believe validators that are past the slot about the money in it', () => {
    const statements = [said(0, 10n), said(1, 10n), said(2, 500n, 4n), said(3, 500n, 4n)];
    expect(refusal(statements, receipts(500n)).code).toBe('INSUFFICIENT_FUNDS');
  });
});

test('an amount outside 64 bits is refused', () => {
  const summary = summarize(committee, [said(0, 9n), said(1, 9n), said(2, 9n)], 3n, () => undefined);
  if (!summary) throw new Error('expected a summary');
  for (const amount of [-1n, 2n ** 64n]) {
    const input = { owner: alice, intent: { ...intent, amount }, fee: 2n, summary, received: [], deviceMs: 5n };
    expect(() => planPayment(committee, input)).toThrow(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  }
});
