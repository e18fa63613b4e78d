import { expect, test } from 'vitest';
import { toHash } from './brand.ts';
import { assertContradicts, type Evidence, evidenceSubject } from './evidence.ts';
import { decodeEvidence, encodeEvidence } from './evidence-codec.ts';
import { limits } from './limits.ts';
import { PATH_USD, SKIP } from './slot.ts';

type Pair = Extract<Evidence, { type: 'votes' | 'commits' }>;
type BrokenPromise = Extract<Evidence, { type: 'promise' }>;

const slot = { owner: PATH_USD, asset: PATH_USD, sequence: 7n as Pair['first']['slot']['sequence'] };
const value = toHash(`0x${'11'.repeat(32)}`);
const ballot = (round: number, of = value, size = 64): Pair['first'] => ({
  epoch: 3n,
  slot,
  round,
  value: of,
  signature: { signer: 2, signature: new Uint8Array(size).fill(round) },
});
const votes: Pair = { type: 'votes', first: ballot(4), second: ballot(4, SKIP) };
const broken = (promised: number, locked: number | undefined, committed: number, lockedEpoch = 3n): BrokenPromise => ({
  type: 'promise',
  promise: {
    epoch: 3n,
    slot,
    round: promised,
    ...(locked !== undefined && { lock: { epoch: lockedEpoch, round: locked, value } }),
    signature: { signer: 2, signature: new Uint8Array(64) },
  },
  commit: ballot(committed, value, 65),
});
const contradicts = (evidence: Evidence) => {
  try {
    assertContradicts(evidence);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_FORMAT' });
    return false;
  }
};

test('two ballots contradict each other when one signer gave them in one round for two values', () => {
  expect(contradicts(votes)).toBe(true);
  expect(contradicts({ ...votes, type: 'commits' })).toBe(true);
  const { first, second } = votes;
  for (const change of [
    { value: first.value },
    { round: 5 },
    { epoch: 4n },
    { slot: { ...slot, owner: first.slot.owner, sequence: 8n as typeof slot.sequence } },
    { signature: { ...second.signature, signer: 1 } },
  ]) {
    expect(contradicts({ ...votes, second: { ...second, ...change } })).toBe(false);
  }
});

test('a promise contradicts commits above its lock and below its round', () => {
  expect(contradicts(broken(5, undefined, 0))).toBe(true);
  expect(contradicts(broken(5, undefined, 4))).toBe(true);
  expect(contradicts(broken(5, undefined, 5))).toBe(false);
  expect(contradicts(broken(5, undefined, 6))).toBe(false);
  expect(contradicts(broken(5, 2, 3))).toBe(true);
  expect(contradicts(broken(5, 2, 2))).toBe(false);
  expect(contradicts(broken(5, 2, 0))).toBe(false);
  // A lock of an earlier epoch lies below every round of this one.
  expect(contradicts(broken(5, 9, 3, 2n))).toBe(true);
  expect(contradicts(broken(5, 0, 3, 4n))).toBe(false);
  const other = broken(5, undefined, 0);
  const byOther = { ...other.commit, signature: { ...other.commit.signature, signer: 1 } };
  expect(contradicts({ ...other, commit: byOther })).toBe(false);
});

test('it names whom it is about', () => {
  expect(evidenceSubject(votes)).toEqual({ epoch: 3n, slot, signer: 2 });
  expect(evidenceSubject(broken(5, 2, 3))).toEqual({ epoch: 3n, slot, signer: 2 });
});

test('nothing is written that would not be read', () => {
  expect(decodeEvidence(encodeEvidence(votes))).toEqual(votes);
  const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });
  const write = (evidence: Evidence) => () => encodeEvidence(evidence);
  const { first, second } = votes;
  const short = { signer: 2, signature: new Uint8Array(63) };
  expect(write({ ...votes, second: first })).toThrowError(refusal);
  expect(write({ ...votes, second: { ...second, signature: short } })).toThrowError(refusal);
  // Votes have 64 bytes, commits 65.
  expect(write({ ...votes, type: 'commits' })).toThrowError(refusal);
  const far = limits.maxRound + 1;
  expect(write({ ...votes, first: { ...first, round: far }, second: { ...second, round: far } })).toThrowError(refusal);
  const stranger = (each: Pair['first']) => ({
    ...each,
    signature: { ...each.signature, signer: limits.committeeSize },
  });
  expect(write({ ...votes, first: stranger(first), second: stranger(second) })).toThrowError(refusal);
});
