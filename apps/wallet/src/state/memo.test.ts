import { describe, expect, it } from 'vitest';
import { readMemo } from './memo.ts';

describe('a memo', () => {
  it('is absent while nothing is typed', () => {
    expect(readMemo('  ')).toEqual({});
  });

  it('is the text in UTF-8, filled up with zeros', () => {
    expect(readMemo('Rent é')).toEqual({ memo: `0x52656e7420c3a9${'00'.repeat(25)}` });
  });

  it('says by how much it is too long', () => {
    expect(readMemo('a'.repeat(32))).toHaveProperty('memo');
    expect(readMemo('é'.repeat(17))).toEqual({ problem: 'Too long by 2 bytes.' });
  });
});
