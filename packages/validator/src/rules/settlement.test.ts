import { toHash } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import type { Standing } from '../state/resolution.ts';
import { blockAt, payer } from '../testing/world.fixtures.ts';
import type { SettlementObservation } from '../validator.ts';
import { decideSettlement } from './settlement.ts';

const value = toHash(`0x${'11'.repeat(32)}`);
const other = toHash(`0x${'22'.repeat(32)}`);
const reference = (height: bigint) => ({ block: blockAt(height), transactionHash: toHash(`0x${'33'.repeat(32)}`) });
const account = { owner: payer(0).address, asset: payer(1).address };
const seen = (stage: SettlementObservation['stage'], height?: bigint, of = value): SettlementObservation => ({
  account,
  sequence: 0n,
  value: of,
  stage,
  ...(height !== undefined && { settlement: reference(height) }),
});
const at = (stage: Standing['stage'], height?: bigint, of = value): Standing => ({
  value: of,
  stage,
  ...(height !== undefined && { settlement: reference(height) }),
});

test('a payment moves from queued over included to final, or straight to final', () => {
  expect(decideSettlement(seen('INCLUDED', 5n), undefined, value)).toEqual({
    type: 'move',
    standing: at('INCLUDED', 5n),
  });
  expect(decideSettlement(seen('FINALIZED', 5n), at('INCLUDED', 5n), value)).toEqual({
    type: 'move',
    standing: at('FINALIZED', 5n),
  });
  expect(decideSettlement(seen('FINALIZED', 5n), undefined, value)).toEqual({
    type: 'move',
    standing: at('FINALIZED', 5n),
  });
});

test('an abandoned block gives the payment back, and another block may take it', () => {
  expect(decideSettlement(seen('QUEUED_ONCHAIN'), at('INCLUDED', 5n), value)).toEqual({
    type: 'move',
    standing: at('QUEUED_ONCHAIN'),
  });
  expect(decideSettlement(seen('INCLUDED', 6n), at('INCLUDED', 5n), value)).toEqual({
    type: 'move',
    standing: at('INCLUDED', 6n),
  });
});

test('what is known, and steps backwards, change nothing', () => {
  expect(decideSettlement(seen('QUEUED_ONCHAIN'), undefined, value)).toEqual({ type: 'ignore' });
  expect(decideSettlement(seen('INCLUDED', 5n), at('INCLUDED', 5n), value)).toEqual({ type: 'ignore' });
  for (const stage of ['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED'] as const) {
    expect(decideSettlement(seen(stage, 9n), at('FINALIZED', 5n), value)).toEqual({ type: 'ignore' });
  }
});

test('the chain against the certificate is a contradiction', () => {
  expect(decideSettlement(seen('INCLUDED', 5n, other), undefined, value)).toEqual({ type: 'contradiction' });
  expect(decideSettlement(seen('INCLUDED', 5n, other), at('INCLUDED', 4n), value)).toEqual({ type: 'contradiction' });
});

test('of a slot not resolved here the last word of the chain is kept, a final one for good', () => {
  expect(decideSettlement(seen('INCLUDED', 5n), undefined, undefined)).toMatchObject({ type: 'move' });
  expect(decideSettlement(seen('INCLUDED', 6n, other), at('INCLUDED', 5n), undefined)).toEqual({
    type: 'move',
    standing: at('INCLUDED', 6n, other),
  });
  expect(decideSettlement(seen('FINALIZED', 6n, other), at('FINALIZED', 5n), undefined)).toEqual({ type: 'ignore' });
});
