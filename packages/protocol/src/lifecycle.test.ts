import { describe, expect, it } from 'vitest';
import { isPaid, mayFollow, stages } from './lifecycle.ts';

describe('the stages of a payment (§10)', () => {
  it('follow each other as in this table and in no other way', () => {
    const table = stages.map(
      (from) => `${from}: ${stages.filter((to) => to !== from && mayFollow(from, to)).join(' ')}`,
    );
    expect(table).toEqual([
      'ACCEPTED: CERTIFIED QUEUED_ONCHAIN INCLUDED FINALIZED SKIPPED',
      'CERTIFIED: QUEUED_ONCHAIN INCLUDED FINALIZED SKIPPED',
      'QUEUED_ONCHAIN: INCLUDED FINALIZED',
      'INCLUDED: QUEUED_ONCHAIN FINALIZED',
      'FINALIZED: ',
      'SKIPPED: ',
    ]);
  });

  it('may always stay', () => {
    for (const stage of stages) expect(mayFollow(stage, stage)).toBe(true);
  });

  it('never leave Paid once they are there', () => {
    for (const from of stages.filter(isPaid)) {
      for (const to of stages) if (mayFollow(from, to)) expect(isPaid(to)).toBe(true);
    }
  });

  it('are Paid from the commit certificate on', () => {
    expect(stages.filter(isPaid)).toEqual(['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED']);
  });
});
