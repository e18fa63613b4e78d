import { toHash, ZERO_ADDRESS } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { advanceRecord, isOpen, newTempoRecord, readRecords, writeRecords } from './tempoRecord.ts';

const hash = toHash(`0x${'ab'.repeat(32)}`);
const signed = { transactionHash: hash, rawTransaction: '0x76ff' } as const;
const sent = newTempoRecord(signed, { type: 'deposit', amount: 5_000_000n }, 1_000);

describe('a followed transaction', () => {
  it('stays sent until its receipt is seen', () => {
    expect(advanceRecord(sent, { finalizedHeight: 99n, ledgerHeight: 99n }, 2_000)).toEqual(sent);
  });

  it('walks through the stages and remembers when', () => {
    const included = advanceRecord(sent, { outcome: { success: true, height: 10n }, finalizedHeight: 8n }, 2_000);
    expect(included.stage).toBe('included');
    expect(included.rawTransaction).toBeUndefined();
    const finalized = advanceRecord(included, { finalizedHeight: 10n, ledgerHeight: 9n }, 3_000);
    expect(finalized.stage).toBe('finalized');
    const credited = advanceRecord(finalized, { finalizedHeight: 11n, ledgerHeight: 10n }, 4_000);
    expect(credited.stage).toBe('credited');
    expect(credited.reachedAtMs).toEqual({ sent: 1_000, included: 2_000, finalized: 3_000, credited: 4_000 });
  });

  it('gives no time to a stage that it never saw', () => {
    const seen = { outcome: { success: true, height: 10n }, finalizedHeight: 10n, ledgerHeight: 10n } as const;
    expect(advanceRecord(sent, seen, 9_000).reachedAtMs).toEqual({ sent: 1_000, credited: 9_000 });
  });

  it('never goes back', () => {
    const finalized = advanceRecord(sent, { outcome: { success: true, height: 10n }, finalizedHeight: 10n }, 2_000);
    expect(advanceRecord(finalized, { finalizedHeight: 9n }, 3_000).stage).toBe('finalized');
  });

  it('ends as failed when its transaction was reverted', () => {
    const failed = advanceRecord(sent, { outcome: { success: false } }, 2_000);
    expect(failed.failed).toBe('reverted');
    expect(advanceRecord(failed, { finalizedHeight: 20n, ledgerHeight: 20n }, 3_000)).toEqual(failed);
  });

  describe('with a time limit', () => {
    const limited = newTempoRecord(
      { ...signed, validBefore: 100n },
      { type: 'deposit', amount: 5n, sponsor: 'Acme' },
      1,
    );

    it('ends once a final block is past it and none has it, and not before', () => {
      expect(advanceRecord(limited, { finalizedTimestamp: 99n }, 2)).toEqual(limited);
      const expired = advanceRecord(limited, { finalizedTimestamp: 100n }, 2);
      expect(expired).toMatchObject({ failed: 'expired', stage: 'sent' });
      expect(isOpen(expired)).toBe(false);
      expect(expired.rawTransaction).toBeUndefined();
      expect(readRecords(writeRecords([limited, expired]))).toEqual([limited, expired]);
    });

    it('goes on when a block has it, however late that is seen', () => {
      const seen = { outcome: { success: true, height: 10n }, finalizedTimestamp: 500n } as const;
      expect(advanceRecord(limited, seen, 2)).toMatchObject({ failed: false, stage: 'included' });
      const later = advanceRecord(advanceRecord(limited, seen, 2), { finalizedTimestamp: 900n }, 3);
      expect(later).toMatchObject({ failed: false, stage: 'included' });
    });
  });

  it('written by an older wallet is read', () => {
    const old = writeRecords([{ ...sent, failed: 'reverted' }]).replace('"reverted"', 'true');
    expect(readRecords(old)).toMatchObject([{ failed: 'reverted' }]);
  });

  it('is at its end when its block is final, unless it is a deposit', () => {
    const transfer = newTempoRecord(signed, { type: 'transfer', amount: 1n, recipient: ZERO_ADDRESS }, 1_000);
    const seen = { outcome: { success: true, height: 10n }, finalizedHeight: 10n, ledgerHeight: 10n } as const;
    const ended = advanceRecord(transfer, seen, 2_000);
    expect(ended.stage).toBe('finalized');
    expect(isOpen(ended)).toBe(false);
    expect(readRecords(writeRecords([ended]))).toEqual([ended]);
  });

  it('survives storage, damage does not', () => {
    const included = advanceRecord(sent, { outcome: { success: true, height: 10n } }, 2_000);
    expect(readRecords(writeRecords([included, sent]))).toEqual([included, sent]);
    expect(readRecords('nonsense')).toEqual([]);
    expect(
      readRecords('[{"stage":"sent"},{"stage":"sent","reachedAtMs":{},"amount":"x","transactionHash":"0x"}]'),
    ).toEqual([]);
    expect(readRecords(undefined)).toEqual([]);
  });
});
