import { type Hash, toAmount, toHash, toSequence } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { NEW_ACCOUNT } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import { blockAt, createWorld, NOW, orderOf, payer } from '../testing/world.fixtures.ts';
import { decideVote, type VoteSituation, withVote } from './vote.ts';

const { network } = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const value = toHash(`0x${'11'.repeat(32)}`);
const other = toHash(`0x${'22'.repeat(32)}`);
const signature = new Uint8Array(64);
const order = orderOf(alice, bob);
const cost = order.amount + order.fee;

const situation: VoteSituation = {
  network,
  now: NOW,
  finalized: blockAt(9n),
  oldestUnsettledAtMs: undefined,
  account: { ...NEW_ACCOUNT, balance: cost },
  openSlot: undefined,
  resolvedValue: undefined,
  isRecipientKnown: false,
  isPaid: () => false,
};
const decide = (changes: Partial<VoteSituation>, orderChanges: Partial<typeof order> = {}) =>
  decideVote({ ...order, ...orderChanges }, value, { ...situation, ...changes });
const codeOf = (changes: Partial<VoteSituation>, orderChanges: Partial<typeof order> = {}) => {
  const decision = decide(changes, orderChanges);
  return decision.type === 'refuse' ? decision.reject.code : decision.type;
};
const openSlot = (votes: OpenSlot['votes'], promised = { epoch: 0n, round: 0 }): OpenSlot => ({ promised, votes });
const vote = (of: Hash, round = 0, epoch = 0n) => ({ epoch, round, value: of, signature });

test('votes when every condition of rule 1 holds, to the last unit', () => {
  expect(decide({})).toEqual({ type: 'vote' });
});

test('a slot that holds its value for good is answered from it, whatever else is wrong', () => {
  const expired = { now: NOW + 1_000_000n, finalized: undefined };
  expect(codeOf({ ...expired, resolvedValue: value })).toBe('resolved');
  expect(codeOf({ ...expired, resolvedValue: other })).toBe('occupied');
});

test('the same order again gets the recorded vote, after validUntil and without funds too', () => {
  const late = { now: NOW + 1_000_000n, finalized: undefined, account: NEW_ACCOUNT };
  const recorded = vote(value);
  expect(decide({ ...late, openSlot: openSlot([recorded]) })).toEqual({ type: 'voted', vote: recorded });
  // A vote stands even when the slot has gone on to higher rounds.
  const promised = { epoch: 0n, round: 4 };
  expect(decide({ ...late, openSlot: openSlot([recorded], promised) })).toEqual({ type: 'voted', vote: recorded });
});

test('another order in the slot is an equivocation, by a vote or by a lock of round 0', () => {
  expect(decide({ openSlot: openSlot([vote(other)]) })).toEqual({ type: 'equivocation', value: other });
  const certificate = {
    type: 'quorum' as const,
    epoch: 0n,
    slot: { owner: alice.address, asset: order.asset, sequence: order.sequence },
    round: 0,
    value: other,
    signatures: [],
  };
  const lock = (of: Hash) => ({ certificate: { ...certificate, value: of }, signature, lockedAtMs: 5 });
  const locked = (of: Hash) => ({ ...openSlot([]), lock: lock(of) });
  expect(decide({ openSlot: locked(other) })).toEqual({ type: 'equivocation', value: other });
  expect(decide({ openSlot: locked(value) })).toEqual({ type: 'vote' });
});

test('votes of other rounds and epochs do not stand in the way of round 0, promises do', () => {
  expect(codeOf({ openSlot: openSlot([vote(other, 3)]) })).toBe('vote');
  expect(codeOf({ openSlot: openSlot([], { epoch: 0n, round: 1 }) })).toBe('STALE_ROUND');
  const decision = decide({ openSlot: openSlot([], { epoch: 0n, round: 5 }) });
  expect(decision.type === 'refuse' && decision.reject.facts.promisedRound).toBe(5);
});

test('votes only at next', () => {
  const account = { ...NEW_ACCOUNT, balance: cost, next: 3n };
  expect(codeOf({ account }, { sequence: toSequence(3n) })).toBe('vote');
  for (const sequence of [4n, 5n, 1_000n]) {
    const decision = decide({ account }, { sequence: toSequence(sequence) });
    expect(decision).toMatchObject({
      type: 'refuse',
      reject: { code: 'MISSING_PREDECESSOR', facts: { expectedSequence: 3n } },
    });
  }
});

test('votes from now to validUntil, and at most a day ahead', () => {
  expect(codeOf({}, { validUntil: NOW })).toBe('vote');
  expect(codeOf({}, { validUntil: NOW - 1n })).toBe('EXPIRED');
  expect(codeOf({}, { validUntil: NOW + 86_400n })).toBe('vote');
  expect(codeOf({}, { validUntil: NOW + 86_401n })).toBe('EXPIRED');
});

test('needs a finalized block younger than a quarter of the exit delay', () => {
  const quarter = network.exitDelaySeconds / 4n;
  expect(codeOf({ finalized: undefined })).toBe('STALE_CHAIN');
  expect(codeOf({ finalized: blockAt(9n, NOW - quarter + 1n) })).toBe('vote');
  expect(codeOf({ finalized: blockAt(9n, NOW - quarter) })).toBe('STALE_CHAIN');
  // A chain whose clock runs ahead is not stale.
  expect(codeOf({ finalized: blockAt(9n, NOW + 60n) })).toBe('vote');
});

test('wants the surcharge for a recipient that is new to the ledger, never for a withdrawal', () => {
  const rich = { account: { ...NEW_ACCOUNT, balance: cost } };
  const feeOf = (isRecipientKnown: boolean, kind: 0 | 1, fee: bigint) => {
    const decision = decide({ ...rich, isRecipientKnown }, { kind, fee: toAmount(fee) });
    return decision.type === 'refuse' ? decision.reject.facts.requiredFee : decision.type;
  };
  expect(feeOf(false, 0, 8_000n)).toBe('vote');
  expect(feeOf(false, 0, 7_999n)).toBe(8_000n);
  expect(feeOf(true, 0, 2_000n)).toBe('vote');
  expect(feeOf(true, 0, 1_999n)).toBe(2_000n);
  expect(feeOf(false, 1, 2_000n)).toBe('vote');
  expect(feeOf(false, 1, 1_999n)).toBe(2_000n);
});

test('wants every parent paid, and names those that are not', () => {
  const parents = [value, other];
  expect(codeOf({ isPaid: () => true }, { parents })).toBe('vote');
  expect(decide({ isPaid: (hash) => hash === value }, { parents })).toMatchObject({
    reject: { code: 'MISSING_PARENT', facts: { missingParents: [other] } },
  });
});

test('wants amount and fee in the balance, and says what is there', () => {
  for (const balance of [cost - 1n, 0n, -5n]) {
    expect(decide({ account: { ...NEW_ACCOUNT, balance } })).toMatchObject({
      reject: { code: 'INSUFFICIENT_FUNDS', facts: { balance } },
    });
  }
  expect(codeOf({ account: undefined })).toBe('INSUFFICIENT_FUNDS');
});

test('signs nothing for a halted account', () => {
  expect(codeOf({ account: { ...NEW_ACCOUNT, balance: cost, isHalted: true } })).toBe('TEMPORARILY_UNAVAILABLE');
});

test('recording a vote keeps promise, lock and other votes', () => {
  const before = openSlot([vote(other, 3)], { epoch: 0n, round: 3 });
  expect(withVote(before, vote(value, 4))).toEqual({ ...before, votes: [vote(other, 3), vote(value, 4)] });
  expect(withVote(undefined, vote(value))).toEqual(openSlot([vote(value)]));
});
