import { MAX_U64, toHash, toHex, toSequence } from '@fastpay/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { StoreCorruptionError } from '../errors.ts';
import { evidenceInCertificates } from '../rules/evidence.ts';
import {
  accountOf,
  blockAt,
  createWorld,
  depositOf,
  orderOf,
  paid,
  payer,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';
import type { SafetyAlarm } from '../validator.ts';
import { type AccountState, decodeAccountState, encodeAccountState, NEW_ACCOUNT } from './account-state.ts';
import { decodeAlarm, encodeAlarm } from './alarm-row.ts';
import { decodeEvidenceRow, encodeEvidenceRow } from './evidence-row.ts';
import { decodeLedgerHead, encodeLedgerHead, NEW_HEAD } from './ledger-head.ts';
import { decodeDeposit, decodeLogLine, encodeDeposit, encodeLogLine, type LogLine } from './log-line.ts';
import { decodeOpenSlot, encodeOpenSlot } from './open-slot.ts';
import { decodeOutboxRow, encodeOutboxRow } from './outbox-row.ts';
import { decodePaymentRow, encodePaymentRow } from './payment-row.ts';
import { decodeResolution, decodeStanding, encodeResolution, encodeStanding, type Standing } from './resolution.ts';
import { decodeRoundBudget, encodeRoundBudget } from './round-budget.ts';

/** A codec with samples, its row type forgotten so that all can stand in one list. */
interface Codec {
  readonly samples: () => readonly Uint8Array[];
  /** Whether every sample comes back as it was. */
  readonly roundTrips: () => void;
  /** Decodes and encodes again. */
  readonly again: (bytes: Uint8Array) => Uint8Array;
}

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const value = toHash(`0x${'11'.repeat(32)}`);
const settlement = { block: blockAt(7n), transactionHash: value };
let payment: Awaited<ReturnType<typeof paid>>;
let rival: Awaited<ReturnType<typeof paid>>;
let skip: Awaited<ReturnType<typeof skipOf>>;
beforeAll(async () => {
  payment = await paid(world, alice, orderOf(alice, bob, { parents: [value] }));
  rival = await paid(world, alice, orderOf(alice, bob));
  skip = await skipOf(world, slotAt(alice, 3n), 2 ** 32 - 1);
});

function codec<Row>(
  encode: (row: Row) => Uint8Array,
  decode: (bytes: Uint8Array) => Row,
  rows: () => readonly Row[],
): Codec {
  return {
    samples: () => rows().map(encode),
    roundTrips: () => {
      for (const row of rows()) expect(decode(encode(row))).toEqual(row);
    },
    again: (bytes) => encode(decode(bytes)),
  };
}

const codecs: Record<string, Codec> = {
  account: codec(encodeAccountState, decodeAccountState, () => [
    NEW_ACCOUNT,
    { ...NEW_ACCOUNT, balance: -(1n << 127n), next: MAX_U64, resolvedAhead: MAX_U64, isHalted: true },
    { ...NEW_ACCOUNT, balance: (1n << 127n) - 1n, next: 1n, resolvedAhead: 2n, unsettledCount: 3n, unsettledIn: 4n },
    { ...NEW_ACCOUNT, unsettledOut: 5n, exit: { readyAt: 6n, closing: 7n } },
    { ...NEW_ACCOUNT, exit: { closing: MAX_U64, leftOpen: 0n, leftAt: 1n } },
  ]),
  'open slot': codec(encodeOpenSlot, decodeOpenSlot, () => {
    const vote = (round: number) => ({ epoch: 5n, round, value, signature: new Uint8Array(64).fill(round) });
    const promised = { epoch: 5n, round: 2 ** 32 - 1 };
    return [
      { promised, votes: [] },
      {
        promised,
        votes: [vote(0), vote(3)],
        lock: { certificate: payment.qc, signature: new Uint8Array(65).fill(9), lockedAtMs: 2 ** 53 - 1 },
        promise: { epoch: 5n, round: 3, signature: new Uint8Array(64).fill(8), lockCertificate: payment.qc },
      },
      {
        promised,
        votes: [vote(1)],
        lock: { certificate: skip.qc, signature: new Uint8Array(65), lockedAtMs: 0 },
        promise: { epoch: 5n, round: 1, signature: new Uint8Array(64) },
        heard: {
          epoch: 5n,
          round: 1,
          promises: [
            { signature: { signer: 0, signature: new Uint8Array(64).fill(1) } },
            { lock: { epoch: 5n, round: 0, value }, signature: { signer: 127, signature: new Uint8Array(64) } },
          ],
        },
      },
    ];
  }),
  payment: codec(encodePaymentRow, decodePaymentRow, () => [
    { slot: slotAt(alice, 4n) },
    { slot: slotAt(alice, MAX_U64), signedOrder: payment.signedOrder },
  ]),
  resolution: codec(encodeResolution, decodeResolution, () => [
    { cursor: 1n, certificate: payment.cc },
    { cursor: MAX_U64, certificate: skip.cc },
  ]),
  'outbox row': codec(encodeOutboxRow, decodeOutboxRow, () => [
    { slot: slotAt(alice, 0n), resolvedAtMs: 0 },
    { slot: slotAt(bob, MAX_U64), resolvedAtMs: Number.MAX_SAFE_INTEGER },
  ]),
  standing: codec<Standing>(encodeStanding, decodeStanding, () => [
    { value, stage: 'QUEUED_ONCHAIN' },
    { value, stage: 'INCLUDED', settlement },
    { value, stage: 'FINALIZED', settlement },
  ]),
  head: codec(encodeLedgerHead, decodeLedgerHead, () => [
    NEW_HEAD,
    {
      cursor: 1n,
      nextDepositIndex: 2n,
      signaturesRecorded: 8n,
      votesSigned: 3n,
      commitsSigned: 4n,
      slotsResolved: 5n,
      lastSignedAtMs: 6n,
      finalized: blockAt(7n),
    },
  ]),
  'log line': codec<LogLine>(encodeLogLine, decodeLogLine, () => [
    { type: 'resolved', slot: slotAt(bob, 2n) },
    { type: 'deposited', index: 8n },
    { type: 'evidence', id: { type: 'commits', signer: 127, slot: slotAt(bob, 2n) } },
    { type: 'settlement', slot: slotAt(bob, 2n), value, stage: 'INCLUDED', settlement },
    { type: 'settlement', slot: slotAt(bob, 2n), value, stage: 'QUEUED_ONCHAIN' },
    { type: 'exit', exit: { type: 'requested', account: accountOf(bob), readyAt: MAX_U64, block: blockAt(3n) } },
    { type: 'exit', exit: { type: 'cancelled', account: accountOf(bob), block: blockAt(4n) } },
    { type: 'exit', exit: { type: 'executed', account: accountOf(bob), amount: 1n << 100n, block: blockAt(5n) } },
  ]),
  deposit: codec(
    encodeDeposit,
    (bytes) => decodeDeposit(3n, bytes),
    () => [depositOf(3n, alice, MAX_U64)],
  ),
  'round budget': codec(encodeRoundBudget, decodeRoundBudget, () => [
    { day: 0, opened: 0 },
    { day: 2 ** 53 - 1, opened: 65_535 },
  ]),
  evidence: codec(encodeEvidenceRow, decodeEvidenceRow, () => evidenceInCertificates(payment.qc, rival.qc)),
  alarm: codec<SafetyAlarm>(
    encodeAlarm,
    (bytes) => decodeAlarm(slotAt(alice, 0n), bytes),
    () => [
      { slot: slotAt(alice, 0n), reason: 'conflictingCommits', certificates: [payment.cc, skip.cc] },
      { slot: slotAt(alice, 0n), reason: 'settledOtherwise', certificates: [payment.qc], settlement },
    ],
  ),
};

describe.each(Object.entries(codecs))('%s', (_name, { samples, roundTrips, again }) => {
  test('comes back as it was', () => roundTrips());

  test('has one length: bytes too many or too few are corruption, never a refusal', () => {
    for (const bytes of samples()) {
      for (const broken of [bytes.slice(0, -1), Uint8Array.from([...bytes, 0]), new Uint8Array()]) {
        expect(() => again(broken)).toThrow(StoreCorruptionError);
      }
    }
  });

  test('has one encoding: what decodes at all encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples()), fc.nat(), fc.nat(255), (sample, at, byte) => {
        const bytes = Uint8Array.from(sample);
        bytes[at % bytes.length] = byte;
        const result = outcomeOf(() => again(bytes));
        if (result instanceof Uint8Array) expect(toHex(result)).toBe(toHex(bytes));
        else expect(result).toBeInstanceOf(StoreCorruptionError);
      }),
    );
  });
});

function outcomeOf(act: () => Uint8Array): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test('an account holds any balance of 128 bits and none beyond', () => {
  const state = NEW_ACCOUNT;
  fc.assert(
    fc.property(fc.bigInt(-(1n << 127n), (1n << 127n) - 1n), fc.bigInt(0n, MAX_U64), (balance, next) => {
      expect(decodeAccountState(encodeAccountState({ ...state, balance, next }))).toEqual({ ...state, balance, next });
    }),
  );
  for (const balance of [1n << 127n, -(1n << 127n) - 1n]) {
    expect(() => encodeAccountState({ ...state, balance })).toThrow(RangeError);
  }
});

test('an exact layout is pinned, so that it does not change by accident', () => {
  const unsettled = { unsettledCount: 5n, unsettledIn: 6n, unsettledOut: 7n };
  const exit = { readyAt: 8n, leftOpen: 9n };
  const state: AccountState = { balance: -2n, next: 3n, resolvedAhead: 4n, isHalted: true, ...unsettled, exit };
  const word = (digit: string, length: number) => digit.padStart(length, '0');
  const sums = `${word('5', 16)}${word('6', 32)}${word('7', 32)}`;
  expect(toHex(encodeAccountState(state))).toBe(
    `0x${'f'.repeat(31)}e${word('3', 16)}${word('4', 16)}01${sums}05${word('8', 16)}${word('9', 16)}`,
  );
  const slot = { owner: alice.address, asset: bob.address, sequence: toSequence(1n) };
  expect(toHex(encodeLogLine({ type: 'resolved', slot }))).toBe(
    `0x00${alice.address.slice(2)}${bob.address.slice(2)}${'0'.repeat(15)}1`,
  );
});
