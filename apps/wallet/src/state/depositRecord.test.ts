import { toHash } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { advanceDeposit, newDeposit, readDeposits, writeDeposits } from './depositRecord.ts';

const hash = toHash(`0x${'ab'.repeat(32)}`);
const sent = newDeposit({ transactionHash: hash, rawTransaction: '0x76ff' }, 5_000_000n, 1_000);

describe('a followed deposit', () => {
  it('stays sent until its receipt is seen', () => {
    expect(advanceDeposit(sent, { finalizedHeight: 99n, ledgerHeight: 99n }, 2_000)).toEqual(sent);
  });

  it('walks through the stages and remembers when', () => {
    const included = advanceDeposit(sent, { outcome: { success: true, height: 10n }, finalizedHeight: 8n }, 2_000);
    expect(included.stage).toBe('included');
    expect(included.rawTransaction).toBeUndefined();
    const finalized = advanceDeposit(included, { finalizedHeight: 10n, ledgerHeight: 9n }, 3_000);
    expect(finalized.stage).toBe('finalized');
    const credited = advanceDeposit(finalized, { finalizedHeight: 11n, ledgerHeight: 10n }, 4_000);
    expect(credited.stage).toBe('credited');
    expect(credited.reachedAtMs).toEqual({ sent: 1_000, included: 2_000, finalized: 3_000, credited: 4_000 });
  });

  it('gives no time to a stage that it never saw', () => {
    const seen = { outcome: { success: true, height: 10n }, finalizedHeight: 10n, ledgerHeight: 10n } as const;
    expect(advanceDeposit(sent, seen, 9_000).reachedAtMs).toEqual({ sent: 1_000, credited: 9_000 });
  });

  it('never goes back', () => {
    const finalized = advanceDeposit(sent, { outcome: { success: true, height: 10n }, finalizedHeight: 10n }, 2_000);
    expect(advanceDeposit(finalized, { finalizedHeight: 9n }, 3_000).stage).toBe('finalized');
  });

  it('ends as failed when its transaction was reverted', () => {
    const failed = advanceDeposit(sent, { outcome: { success: false } }, 2_000);
    expect(failed.failed).toBe(true);
    expect(advanceDeposit(failed, { finalizedHeight: 20n, ledgerHeight: 20n }, 3_000)).toEqual(failed);
  });

  it('survives storage, damage does not', () => {
    const included = advanceDeposit(sent, { outcome: { success: true, height: 10n } }, 2_000);
    expect(readDeposits(writeDeposits([included, sent]))).toEqual([included, sent]);
    expect(readDeposits('nonsense')).toEqual([]);
    expect(
      readDeposits('[{"stage":"sent"},{"stage":"sent","reachedAtMs":{},"amount":"x","transactionHash":"0x"}]'),
    ).toEqual([]);
    expect(readDeposits(undefined)).toEqual([]);
  });
});
