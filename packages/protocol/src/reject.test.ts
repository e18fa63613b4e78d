import { describe, expect, it } from 'vitest';
import { isRejectCode, type RejectCode, RejectError, rejectMeanings } from './reject.ts';

describe('reject codes (§11)', () => {
  it('are these', () => {
    expect(Object.keys(rejectMeanings)).toEqual([
      'INVALID_FORMAT',
      'INVALID_SIGNATURE',
      'WRONG_CHAIN',
      'EXPIRED',
      'NOT_PAYMENT',
      'SEQUENCE_TOO_LOW',
      'SEQUENCE_TOO_HIGH',
      'MISSING_PREDECESSOR',
      'EQUIVOCATION',
      'STALE_ROUND',
      'INSUFFICIENT_FUNDS',
      'MISSING_PARENT',
      'INVALID_CERTIFICATE',
      'EXITING',
      'FEE_TOO_LOW',
      'STALE_CHAIN',
      'RATE_LIMITED',
      'NOT_SPONSORED',
      'TEMPORARILY_UNAVAILABLE',
    ]);
  });

  it.each(Object.keys(rejectMeanings) as RejectCode[])('%s says what happened to the money and what to do', (code) => {
    const error = new RejectError(code, 'a message');
    expect(error.money).toMatch(/^[A-Z].*\.$/);
    expect(error.action).toMatch(/^[A-Z].*\.$/);
    expect(typeof error.retryable).toBe('boolean');
  });

  it('that may pass by themselves are the retryable ones', () => {
    const retryable = Object.entries(rejectMeanings).filter(([, meaning]) => meaning.retryable);
    expect(retryable.map(([code]) => code)).toEqual([
      'MISSING_PREDECESSOR',
      'INSUFFICIENT_FUNDS',
      'MISSING_PARENT',
      'EXITING',
      'STALE_CHAIN',
      'RATE_LIMITED',
      'TEMPORARILY_UNAVAILABLE',
    ]);
  });

  it('are told from other words, inherited ones included', () => {
    expect(isRejectCode('EXPIRED')).toBe(true);
    for (const word of ['', 'expired', 'toString', '__proto__', 'constructor']) expect(isRejectCode(word)).toBe(false);
  });
});

describe('a reject error', () => {
  it('carries code, message, facts and cause', () => {
    const cause = new Error('below');
    const error = new RejectError('FEE_TOO_LOW', 'the fee is too low', { requiredFee: 2_000n }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual(['RejectError', 'FEE_TOO_LOW', 'the fee is too low']);
    expect([error.facts, error.cause]).toEqual([{ requiredFee: 2_000n }, cause]);
    expect(new RejectError('EXPIRED', 'late').facts).toEqual({});
  });
});
