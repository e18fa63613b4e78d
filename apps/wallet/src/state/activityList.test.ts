import { describe, expect, it } from 'vitest';
import {
  groupByDay,
  mergeEntries,
  newlyReceived,
  recentRecipients,
  selectItems,
  selectRecords,
  signedAmount,
} from './activityList.ts';
import { newTempoRecord } from './tempoRecord.ts';
import { addressOf, hashOf, itemOf, orderOf } from './wallet.fixtures.ts';

const sent = itemOf(3);
const received = itemOf(2, {
  direction: 'received',
  order: orderOf({ sender: addressOf(9), recipient: addressOf(1) }),
});
const pending = itemOf(1, { stage: 'ACCEPTED', order: orderOf({ recipient: addressOf(7) }) });
const items = [sent, received, pending];
const nameOf = (address: string) => (address === addressOf(9) ? 'Grandma' : undefined);
const select = (filter: 'all' | 'sent' | 'received' | 'pending', search = '') =>
  selectItems(items, { filter, search, nameOf });

describe('the activity list', () => {
  it('filters by direction and by what has not ended', () => {
    expect(select('all')).toEqual(items);
    expect(select('sent')).toEqual([sent, pending]);
    expect(select('received')).toEqual([received]);
    expect(select('pending')).toEqual([pending]);
  });

  it('finds by address, name, amount and hash', () => {
    expect(select('all', addressOf(7).slice(0, 12))).toEqual([pending]);
    expect(select('all', 'grand')).toEqual([received]);
    expect(select('all', '10.00')).toEqual(items);
    expect(select('all', hashOf(3))).toEqual([sent]);
    expect(select('all', 'nothing')).toEqual([]);
  });

  it('groups by day, newest first, deposits among the payments', () => {
    const noon = new Date(2026, 7, 20, 12).getTime();
    const deposit = newTempoRecord(
      { transactionHash: hashOf(9), rawTransaction: '0x76' },
      { type: 'deposit', amount: 5_000_000n },
      noon - 1_000,
    );
    const entries = mergeEntries(
      [itemOf(3, { createdAtMs: noon }), itemOf(1, { createdAtMs: noon - 24 * 3_600_000 })],
      [deposit],
    );
    expect(groupByDay(entries, noon).map(({ title, entries }) => [title, entries.map(({ kind }) => kind)])).toEqual([
      ['Today', ['payment', 'tempo']],
      ['Yesterday', ['payment']],
    ]);
  });

  it('finds deposits by their name, amount and state', () => {
    const deposit = newTempoRecord(
      { transactionHash: hashOf(9), rawTransaction: '0x76' },
      { type: 'deposit', amount: 5_000_000n },
      0,
    );
    const credited = { ...deposit, stage: 'credited' as const };
    expect(selectRecords([deposit], { filter: 'all', search: 'depo', nameOf })).toEqual([deposit]);
    expect(selectRecords([deposit], { filter: 'all', search: '5.00', nameOf })).toEqual([deposit]);
    expect(selectRecords([deposit, credited], { filter: 'pending', search: '', nameOf })).toEqual([deposit]);
    expect(selectRecords([deposit], { filter: 'received', search: '', nameOf })).toEqual([]);
    expect(selectRecords([deposit], { filter: 'all', search: 'bob', nameOf })).toEqual([]);
  });

  it('shows what changed hands', () => {
    expect(signedAmount(sent)).toBe(-10_000_000n);
    expect(signedAmount(received)).toBe(10_000_000n);
  });

  it('remembers whom one has paid, each once', () => {
    expect(recentRecipients([sent, pending, sent], 5)).toEqual([addressOf(2), addressOf(7)]);
    expect(recentRecipients([sent, pending], 1)).toEqual([addressOf(2)]);
  });

  it('celebrates only proven money that was not there before', () => {
    expect(newlyReceived(new Set(), items)).toEqual([received]);
    expect(newlyReceived(new Set([hashOf(2)]), items)).toEqual([]);
    expect(newlyReceived(new Set(), [{ ...received, stage: 'CERTIFIED' }])).toEqual([]);
  });
});
