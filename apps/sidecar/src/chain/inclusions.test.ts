import { toAddress, toHash } from '@fastpay/protocol';
import type { ChainSettlement } from '@fastpay/tempo';
import { expect, it } from 'vitest';
import { createInclusions } from './inclusions.ts';

const hash = (byte: string) => toHash(`0x${byte.repeat(32)}`);

function settled(sequence: bigint, blockHash = '01', height = 10n): ChainSettlement {
  return {
    account: {
      owner: toAddress(`0x${'aa'.repeat(20)}`),
      asset: toAddress('0x20c0000000000000000000000000000000000000'),
    },
    sequence,
    value: hash('77'),
    settlement: { block: { height, hash: hash(blockHash), timestamp: 5n }, transactionHash: hash('99') },
  };
}

const stages = (changes: readonly { readonly sequence: bigint; readonly stage: string }[]) =>
  changes.map(({ sequence, stage }) => `${sequence} ${stage}`);

it('reports an event once while it waits for finality, then as final', () => {
  const inclusions = createInclusions();
  expect(stages(inclusions.observePending([settled(1n), settled(2n)]))).toEqual(['1 INCLUDED', '2 INCLUDED']);
  expect(inclusions.observePending([settled(1n), settled(2n)])).toEqual([]);
  expect(stages(inclusions.observeFinal([settled(1n)]))).toEqual(['1 FINALIZED']);
  expect(inclusions.observePending([settled(2n)])).toEqual([]);
});

it('gives a payment back to the queue when its block is abandoned, without a reference', () => {
  const inclusions = createInclusions();
  inclusions.observePending([settled(1n)]);
  const changes = inclusions.observePending([]);
  expect(stages(changes)).toEqual(['1 QUEUED_ONCHAIN']);
  expect(changes[0]).not.toHaveProperty('settlement');
  expect(inclusions.observePending([])).toEqual([]);
});

it('reports again when the event moved to another block', () => {
  const inclusions = createInclusions();
  inclusions.observePending([settled(1n, '01')]);
  expect(stages(inclusions.observePending([settled(1n, '02', 11n)]))).toEqual(['1 INCLUDED']);
});

it('reports events of final blocks that were never seen pending', () => {
  expect(stages(createInclusions().observeFinal([settled(3n)]))).toEqual(['3 FINALIZED']);
});
