import { toHash } from '@fastpay/protocol';
import { beforeEach, expect, it } from 'vitest';
import { type BlockHistory, createBlockHistory } from './block-history.ts';
import { emptyBlock, hashOf } from './blocks.ts';

const regular = (height: number) => ({
  height: BigInt(height),
  hash: hashOf('block', BigInt(height) + 1n, ''),
  timestamp: BigInt(1_000 + height),
});
let history: BlockHistory;
beforeEach(() => {
  history = createBlockHistory(regular);
  for (let height = 0; height < 5; height++) history.add(emptyBlock(regular(height)));
});

it('shows a block that it does not keep as it was', () => {
  const before = history.at(2);
  history.seal(2);
  expect(history.at(2)).not.toBe(before);
  expect(history.at(2)).toEqual(before);
});

it('keeps a final block that holds something, or did not come when it was due', () => {
  const failed = { ...emptyBlock(regular(5)), outcomes: new Map([[toHash(`0x${'77'.repeat(32)}`), false]]) };
  const late = emptyBlock({ ...regular(6), timestamp: 9_999n });
  const replaced = emptyBlock({ ...regular(7), hash: hashOf('block', 99n, '') });
  for (const block of [failed, late, replaced]) history.add(block);
  for (let height = 0; height <= history.top; height++) history.seal(height);
  expect([history.at(5), history.at(6), history.at(7)]).toEqual([failed, late, replaced]);
});

it('has regular blocks without being given them', () => {
  history.addRegular(3);
  expect(history.top).toBe(7);
  expect(history.kept(6)).toBeUndefined();
  expect(history.removeTop(1)).toEqual([emptyBlock(regular(7))]);
  expect(history.at(6)).toEqual(emptyBlock(regular(6)));
});

it('takes the newest away, and knows no block outside', () => {
  expect(history.removeTop(2).map(({ block }) => block.height)).toEqual([3n, 4n]);
  expect(history.top).toBe(2);
  for (const height of [3, -1, 0.5]) expect(() => history.at(height)).toThrow(RangeError);
});
