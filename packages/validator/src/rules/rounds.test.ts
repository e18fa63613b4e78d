import { expect, test } from 'vitest';
import { FIRST_ROUND, isBelow, isSameRound } from './rounds.ts';

test('rounds are ordered by epoch first, then by number', () => {
  const ordered = [FIRST_ROUND, { epoch: 0n, round: 7 }, { epoch: 1n, round: 0 }, { epoch: 1n, round: 2 ** 32 - 1 }];
  ordered.forEach((left, at) => {
    ordered.forEach((right, other) => {
      expect(isBelow(left, right)).toBe(at < other);
      expect(isSameRound(left, right)).toBe(at === other);
    });
  });
});
