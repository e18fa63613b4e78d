import { type Committee, quorumStake, toAddress, toHash } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VerifiedStatement } from './statements.ts';
import { nextReachedBy, summarize } from './summary.ts';

const committeeOf = (stakes: readonly bigint[]): Committee => ({
  epoch: 0n,
  members: stakes.map((stake, index) => ({
    name: `${index}`,
    stake,
    votingKey: toHash(`0x${index.toString(16).padStart(64, '0')}`),
    settlementAddress: toAddress(`0x${index.toString(16).padStart(40, '0')}`),
  })),
});
const four = committeeOf([1n, 1n, 1n, 1n]);

const said = (signer: number, next: bigint, balance: bigint, more: Partial<VerifiedStatement> = {}) => ({
  signer,
  stake: 1n,
  next,
  balance,
  finalizedHeight: 100n,
  unixMillis: 1_000n,
  ...more,
});
const noCertificates = () => undefined;

describe('the next slot', () => {
  test.each([
    ['all agree', [5n, 5n, 5n, 5n], 5n],
    ['one lags', [5n, 4n, 5n, 5n], 5n],
    ['one claims to be far ahead', [5n, 5n, 5n, 1_000n], 5n],
    ['two lag', [5n, 4n, 5n, 4n], 4n],
    ['three answer and one of them lags', [5n, 4n, 5n], 4n],
    ['two claim to be ahead', [5n, 5n, 9n, 9n], 5n],
  ])('%s', (_what, nexts, expected) => {
    expect(
      nextReachedBy(
        3n,
        nexts.map((next, signer) => said(signer, next, 0n)),
      ),
    ).toBe(expected);
  });

  test('goes by stake, not by count', () => {
    const heavy = committeeOf([5n, 1n, 1n, 1n]);
    const statements = [said(0, 7n, 0n, { stake: 5n }), said(1, 7n, 0n), said(2, 3n, 0n), said(3, 3n, 0n)];
    expect(nextReachedBy(quorumStake(heavy), statements)).toBe(7n);
  });
});

describe('the balance', () => {
  test('is what a quorum says alike, whatever the last one says', () => {
    for (const last of [0n, 10n ** 15n, -(10n ** 30n)]) {
      const statements = [said(0, 5n, 70n), said(1, 5n, 70n), said(2, 5n, 70n), said(3, 5n, last)];
      expect(summarize(four, statements, 5n, noCertificates)).toMatchObject({
        balance: 70n,
        agreed: true,
        signers: [0, 1, 2],
      });
    }
  });

  test('is the most that a quorum reaches while credits are on their way', () => {
    const statements = [said(0, 5n, 70n), said(1, 5n, 80n), said(2, 5n, 60n), said(3, 5n, 80n)];
    expect(summarize(four, statements, 5n, noCertificates)).toMatchObject({
      balance: 70n,
      agreed: false,
      signers: [0, 1, 3],
    });
  });

  test('carries a lagging validator forward by what this wallet spent since', () => {
    const statements = [said(0, 7n, 50n), said(1, 5n, 80n), said(2, 6n, 60n)];
    const spent = new Map([
      [5n, 20n],
      [6n, 10n],
    ]);
    expect(summarize(four, statements, 7n, (slot) => spent.get(slot))).toMatchObject({
      balance: 50n,
      agreed: true,
      signers: [0, 1, 2],
    });
  });

  test('does not count a validator that it cannot carry forward', () => {
    const statements = [said(0, 7n, 50n), said(1, 7n, 50n), said(2, 6n, 60n)];
    expect(summarize(four, statements, 7n, noCertificates)).toBeUndefined();
    const withFourth = [...statements, said(3, 7n, 50n)];
    expect(summarize(four, withFourth, 7n, noCertificates)).toMatchObject({ agreed: true, signers: [0, 1, 3] });
  });

  test('counts a validator that is ahead with what it says, as a lower bound only', () => {
    const statements = [said(0, 5n, 80n), said(1, 5n, 80n), said(2, 6n, 60n), said(3, 6n, 60n)];
    expect(summarize(four, statements, 5n, noCertificates)).toMatchObject({ balance: 60n, agreed: false });
  });

  test('may be below zero while debits came first', () => {
    const statements = [said(0, 1n, -5n), said(1, 1n, -5n), said(2, 1n, -5n)];
    expect(summarize(four, statements, 1n, noCertificates)).toMatchObject({ balance: -5n, agreed: true });
  });
});

test('the clock is the median of the validators’ clocks: one that is wrong by years moves nothing', () => {
  const clocks = [1_000n, 1_005n, 1_010n];
  for (const wrong of [0n, 10n ** 15n]) {
    const statements = [...clocks, wrong].map((unixMillis, signer) => said(signer, 0n, 0n, { unixMillis }));
    const clock = summarize(four, statements, 0n, noCertificates)?.clocksMs.median ?? 0n;
    expect(clock).toBeGreaterThanOrEqual(1_000n);
    expect(clock).toBeLessThanOrEqual(1_010n);
  }
});

test('the finalized height is the lowest among those who support the balance', () => {
  const heights = [100n, 98n, 99n];
  const statements = [
    ...heights.map((finalizedHeight, signer) => said(signer, 0n, 7n, { finalizedHeight })),
    said(3, 0n, 0n, { finalizedHeight: 1n }),
  ];
  expect(summarize(four, statements, 0n, noCertificates)).toMatchObject({ finalizedHeight: 98n });
});

test('with fewer than a third of the stake lying, no lie raises balance or slot above what an honest one says', () => {
  const anyStatement = fc.record({ next: fc.bigInt(0n, 8n), balance: fc.bigInt(-50n, 50n) });
  const anyCase = fc.array(fc.bigInt(1n, 5n), { minLength: 1, maxLength: 7 }).chain((stakes) =>
    fc.record({
      stakes: fc.constant(stakes),
      statements: fc.array(anyStatement, { minLength: stakes.length, maxLength: stakes.length }),
      liars: fc.subarray([...stakes.keys()]),
      costs: fc.array(fc.bigInt(0n, 9n), { minLength: 20, maxLength: 20 }),
    }),
  );
  fc.assert(
    fc.property(anyCase, ({ stakes, statements, liars, costs }) => {
      const committee = committeeOf(stakes);
      const total = stakes.reduce((sum, stake) => sum + stake, 0n);
      const lying = liars.reduce((sum, liar) => sum + (stakes[liar] ?? 0n), 0n);
      fc.pre(lying * 3n < total);
      const heard = statements.map((statement, signer) =>
        said(signer, statement.next, statement.balance, { stake: stakes[signer] ?? 0n }),
      );
      const honest = heard.filter(({ signer }) => !liars.includes(signer));
      const next = nextReachedBy(quorumStake(committee), heard);
      const spent = (slot: bigint) => costs[Number(slot)];
      const summary = summarize(committee, heard, next, spent);
      expect(honest.some((statement) => statement.next >= next)).toBe(true);
      if (!summary) return;
      const forward = ({ next: from, balance }: VerifiedStatement) => {
        let carried = balance;
        for (let slot = from; slot < next; slot++) carried -= spent(slot) ?? 0n;
        return carried;
      };
      expect(honest.some((statement) => forward(statement) >= summary.balance)).toBe(true);
      const support = summary.signers.reduce((sum, signer) => sum + (stakes[signer] ?? 0n), 0n);
      expect(support).toBeGreaterThanOrEqual(quorumStake(committee));
    }),
  );
});

describe('what validators tell beside what they sign', () => {
  const overlay = (onChain: bigint) => ({ onChain, unsettledIn: 5n, unsettledOut: 0n });

  test('counts once validators of whom one is honest tell it alike', () => {
    const lies = { exitReadyAt: 9n, overlay: overlay(1n) };
    const truth = { exitReadyAt: 77n, overlay: overlay(65n) };
    const alone = [said(0, 5n, 70n, lies), said(1, 5n, 70n), said(2, 5n, 70n), said(3, 5n, 70n)];
    const heard = summarize(four, alone, 5n, noCertificates);
    expect(heard).not.toHaveProperty('exitReadyAt');
    expect(heard).not.toHaveProperty('overlay');
    const together = [said(0, 5n, 70n, lies), said(1, 5n, 70n, truth), said(2, 5n, 70n, truth), said(3, 5n, 70n)];
    expect(summarize(four, together, 5n, noCertificates)).toMatchObject(truth);
  });

  test.each<[string, VerifiedStatement['overlay']]>([
    ['another sum', overlay(1n)],
    ['less than nothing received', { onChain: 80n, unsettledIn: -10n, unsettledOut: 0n }],
    ['less than nothing paid', { onChain: 60n, unsettledIn: 0n, unsettledOut: -10n }],
  ])('is left out where it does not make up what is signed, whoever tells it: %s', (_what, told) => {
    const more = told ? { overlay: told } : {};
    const statements = [0, 1, 2, 3].map((signer) => said(signer, 5n, 70n, more));
    expect(summarize(four, statements, 5n, noCertificates)).not.toHaveProperty('overlay');
  });

  test('is of that very balance', () => {
    const other = { overlay: overlay(85n) };
    const statements = [said(0, 5n, 70n), said(1, 5n, 70n), said(2, 5n, 90n, other), said(3, 5n, 90n, other)];
    expect(summarize(four, statements, 5n, noCertificates)).not.toHaveProperty('overlay');
  });
});
