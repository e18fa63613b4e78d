import { PATH_USD, SKIP, type Slot, toAddress, toHash, toSequence } from '@fastpay/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { type BallotBook, createBallotBook } from './ballot-book.ts';
import { createStakes } from './stakes.ts';
import type { Invariant } from './types.ts';

const slot: Slot = { owner: toAddress(`0x${'a1'.repeat(20)}`), asset: PATH_USD, sequence: toSequence(0n) };
const one = toHash(`0x${'11'.repeat(32)}`);
const other = toHash(`0x${'22'.repeat(32)}`);

let found: Invariant[];
let book: BallotBook;
function bookOf(byzantine: readonly number[] = []): BallotBook {
  const stakes = createStakes({ stakes: [1n, 1n, 1n, 1n], byzantine: new Set(byzantine) });
  return createBallotBook(
    stakes,
    (invariant) => found.push(invariant),
    () => undefined,
  );
}
const voteBy = (signers: readonly number[], round: number, value: typeof one) => {
  for (const signer of signers) book.vote(signer, slot, round, value);
};
const commitBy = (signers: readonly number[], round: number, value: typeof one) => {
  for (const signer of signers) book.commit(signer, slot, round, value, undefined);
};

beforeEach(() => {
  found = [];
  book = bookOf();
});

describe('the model', () => {
  test('has nothing against a payment in one round, nor against a repeated answer', () => {
    voteBy([0, 1, 2, 0], 0, one);
    commitBy([0, 1, 2, 1], 0, one);
    expect(found).toEqual([]);
    expect(book.settled(slot)?.value).toBe(one);
  });

  test('I2: two votes of one validator in one round', () => {
    voteBy([0], 0, one);
    voteBy([0], 0, other);
    expect(found).toEqual(['I2']);
  });

  test('I2: a commit below a promise that did not name it, whichever was let out first', () => {
    voteBy([0, 1, 2], 0, one);
    book.promise(0, slot, 1, undefined);
    commitBy([0], 0, one);
    expect(found).toEqual(['I2']);
    commitBy([1], 0, one);
    book.promise(1, slot, 2, undefined);
    expect(found).toEqual(['I2', 'I2']);
    commitBy([2], 0, one);
    book.promise(2, slot, 2, 0);
    expect(found).toEqual(['I2', 'I2']);
  });

  test('I3: two quorums in one round, counting what Byzantine validators may have signed in secret', () => {
    book = bookOf([3]);
    voteBy([0, 1], 0, one);
    expect(found).toEqual([]);
    voteBy([2], 0, other);
    expect(found).toEqual([]);
    voteBy([1], 0, other);
    expect(found).toEqual(['I2', 'I3']);
  });

  test('I4: two values committed to in different rounds', () => {
    voteBy([0, 1, 2], 0, one);
    commitBy([0, 1, 2], 0, one);
    voteBy([1, 2, 3], 1, SKIP);
    commitBy([1, 2, 3], 1, SKIP);
    expect(found).toEqual(['I4']);
  });

  test('I12: a commit to what no quorum voted for', () => {
    voteBy([0, 1], 0, one);
    commitBy([0], 0, one);
    expect(found).toEqual(['I12']);
  });
});
