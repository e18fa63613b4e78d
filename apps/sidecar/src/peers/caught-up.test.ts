import { type Committee, toAddress, toHash } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { isCaughtUp } from './caught-up.ts';

const committeeOf = (...stakes: readonly bigint[]): Committee => ({
  epoch: 0n,
  members: stakes.map((stake, index) => ({
    name: `${index}`,
    stake,
    votingKey: toHash(`0x${index.toString(16).padStart(64, '0')}`),
    settlementAddress: toAddress(`0x${index.toString(16).padStart(40, '0')}`),
  })),
});

test.each<[string, Committee, readonly number[], boolean]>([
  ['nobody of four equals', committeeOf(1n, 1n, 1n, 1n), [], false],
  ['one of four equals, who may leave things out', committeeOf(1n, 1n, 1n, 1n), [1], false],
  ['two of four equals', committeeOf(1n, 1n, 1n, 1n), [1, 3], true],
  ['the other of two', committeeOf(1n, 1n), [1], true],
  ['nobody, alone', committeeOf(5n), [], true],
  ['one with a third of the stake', committeeOf(1n, 2n, 1n, 1n, 1n), [1], true],
  ['only some of those who together have less than a third', committeeOf(8n, 1n, 1n), [1], false],
  ['all of those who together have less than a third', committeeOf(8n, 1n, 1n), [1, 2], true],
])('heard from %s', (_who, committee, heard, expected) => {
  expect(isCaughtUp(committee, 0, heard)).toBe(expected);
});
