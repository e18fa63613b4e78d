import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFromBytes, hashFromBytes, ZERO_ADDRESS } from './brand.ts';
import { unsignedBytes } from './bytes.ts';
import {
  assertValidCommittee,
  type Committee,
  type CommitteeMember,
  committeeHash,
  quorumStake,
  stakeOfDistinct,
  totalStake,
  validityStake,
} from './committee.ts';
import { limits } from './limits.ts';

const member = (index: number, stake: bigint): CommitteeMember => ({
  name: `validator ${index}`,
  votingKey: hashFromBytes(unsignedBytes(index + 1, 32)),
  settlementAddress: addressFromBytes(unsignedBytes(index + 1, 20)),
  stake,
});
const committeeOf = (stakes: readonly bigint[]): Committee => ({
  epoch: 0n,
  members: stakes.map((stake, index) => member(index, stake)),
});
const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe('thresholds (§2)', () => {
  it.each([
    [1, 1n, 1n],
    [2, 1n, 2n],
    [3, 1n, 2n],
    [4, 2n, 3n],
    [5, 2n, 4n],
    [6, 2n, 4n],
    [7, 3n, 5n],
    [10, 4n, 7n],
    [20, 7n, 14n],
    [100, 34n, 67n],
  ])('of %i equal validators are v %d and q %d', (count, v, q) => {
    const committee = committeeOf(new Array<bigint>(count).fill(1n));
    expect([validityStake(committee), quorumStake(committee)]).toEqual([v, q]);
  });

  it('make two quorums share an honest validator, and leave a quorum when the Byzantine are silent', () => {
    const stakes = fc.array(fc.bigInt({ min: 1n, max: 1n << 56n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(stakes, (all) => {
        const committee = committeeOf(all);
        const [w, v, q] = [totalStake(committee), validityStake(committee), quorumStake(committee)];
        expect(w).toBe(all.reduce((sum, stake) => sum + stake, 0n));
        // v is the least stake that a third or more of W cannot be below.
        expect(3n * v >= w && 3n * (v - 1n) < w).toBe(true);
        // Two quorums overlap in at least v, more than any Byzantine coalition holds.
        expect(2n * q - w >= v).toBe(true);
        expect(2n * (q - 1n) - w < v).toBe(true);
        // Byzantine stake is at most v − 1; the others still make a quorum.
        expect(w - (v - 1n) >= q).toBe(true);
      }),
    );
  });
});

describe('stake of signers', () => {
  const committee = committeeOf([5n, 3n, 2n]);

  it('adds up distinct members', () => {
    expect(stakeOfDistinct(committee, [])).toBe(0n);
    expect(stakeOfDistinct(committee, [2, 0])).toBe(7n);
  });

  it.each([[[0, 0]], [[3]], [[-1]], [[0.5]], [[Number.NaN]], [[0, 1, 2, 0]]])('is undefined for %j', (signers) => {
    expect(stakeOfDistinct(committee, signers)).toBeUndefined();
  });
});

describe('a valid committee', () => {
  const good = committeeOf([1n, 1n, 1n, 1n]);
  const change = (changes: Partial<CommitteeMember>): Committee => ({
    ...good,
    members: good.members.map((each, index) => (index === 1 ? { ...each, ...changes } : each)),
  });
  const [first] = good.members as [CommitteeMember];

  it('has 1 to 128 members', () => {
    expect(() => assertValidCommittee(good)).not.toThrow();
    expect(() => assertValidCommittee(committeeOf([]))).toThrowError(refusal);
    const largest = new Array<bigint>(limits.committeeSize).fill(1n);
    expect(() => assertValidCommittee(committeeOf(largest))).not.toThrow();
    expect(() => assertValidCommittee(committeeOf([...largest, 1n]))).toThrowError(refusal);
  });

  it.each<[string, Committee]>([
    ['two members of one name', change({ name: first.name })],
    ['two members of one voting key', change({ votingKey: first.votingKey })],
    ['two members of one settlement address', change({ settlementAddress: first.settlementAddress })],
    ['a zero settlement address', change({ settlementAddress: ZERO_ADDRESS })],
    ['no stake', change({ stake: 0n })],
    ['a negative stake', change({ stake: -1n })],
    ['a stake beyond 64 bits', change({ stake: 1n << 64n })],
    ['a total stake beyond 64 bits', committeeOf([1n << 63n, 1n << 63n])],
    ['an empty name', change({ name: '' })],
    ['a name of 33 bytes', change({ name: `${'é'.repeat(16)}x` })],
    ['a name with a line break', change({ name: 'a\nb' })],
    ['a name that is no text', change({ name: '\ud800' })],
    ['a negative epoch', { ...good, epoch: -1n }],
    ['an epoch beyond 64 bits', { ...good, epoch: 1n << 64n }],
  ])('does not have %s', (_, committee) => {
    expect(() => assertValidCommittee(committee)).toThrowError(refusal);
  });
});

describe('the committee hash', () => {
  it('changes with everything in the committee, the order included', () => {
    const good = committeeOf([1n, 2n, 3n]);
    const [a, b, c] = good.members as [CommitteeMember, CommitteeMember, CommitteeMember];
    const others: Committee[] = [
      good,
      { ...good, epoch: 1n },
      { ...good, members: [b, a, c] },
      { ...good, members: [a, b] },
      { ...good, members: [{ ...a, name: 'other' }, b, c] },
      { ...good, members: [{ ...a, votingKey: hashFromBytes(unsignedBytes(99, 32)) }, b, c] },
      { ...good, members: [{ ...a, settlementAddress: addressFromBytes(unsignedBytes(99, 20)) }, b, c] },
      { ...good, members: [{ ...a, stake: 9n }, b, c] },
      // The same letters, cut elsewhere.
      { ...good, members: [{ ...a, name: 'validator 0v' }, b, c] },
    ];
    expect(new Set(others.map(committeeHash)).size).toBe(others.length);
  });
});
