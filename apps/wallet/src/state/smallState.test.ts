import { describe, expect, it } from 'vitest';
import { type BlockSighting, intervalOf, keepRecent } from './blockPace.ts';
import { dialOf, glyphOf } from './identicon.ts';
import { readPreferences } from './preferences.ts';
import { timelineOf } from './stages.ts';
import { addressOf, hashOf, itemOf } from './wallet.fixtures.ts';

describe('the pace of blocks', () => {
  it('is the mean over what was seen', () => {
    const seen = [
      { height: 10n, atMs: 0 },
      { height: 11n, atMs: 480 },
      { height: 14n, atMs: 2_000 },
    ].reduce<readonly BlockSighting[]>(keepRecent, []);
    expect(intervalOf(seen)).toBe(500);
    expect(intervalOf(seen.slice(0, 2))).toBeUndefined();
  });

  it('starts anew when the height goes back', () => {
    expect(keepRecent([{ height: 10n, atMs: 0 }], { height: 3n, atMs: 5 })).toEqual([{ height: 3n, atMs: 5 }]);
  });
});

describe('pictures of keys', () => {
  it('are the same for the same bytes and differ for others', () => {
    expect(glyphOf(addressOf(5))).toEqual(glyphOf(addressOf(5)));
    expect(glyphOf(addressOf(5))).not.toEqual(glyphOf(addressOf(0x5f)));
    expect(dialOf(hashOf(255), 3)).toEqual([1, 1, 1]);
  });
});

describe('preferences', () => {
  it('take what makes sense and leave the rest', () => {
    expect(readPreferences('{"theme":"dark","hideBalance":true,"autoLockMinutes":15}')).toEqual({
      theme: 'dark',
      hideBalance: true,
      autoLockMinutes: 15,
    });
    const defaults = { theme: 'system', hideBalance: false, autoLockMinutes: 5 };
    for (const text of [undefined, 'x', '3', 'null', '{"theme":"pink","autoLockMinutes":-1,"hideBalance":1}']) {
      expect(readPreferences(text)).toEqual(defaults);
    }
  });
});

describe('the timeline of a payment', () => {
  it('never claims more than was verified or reported', () => {
    const steps = timelineOf(itemOf(1, { stage: 'CERTIFIED', times: { accepted: 5, certified: 9 } }), '3 of 4');
    expect(steps.map(({ standing }) => standing)).toEqual(['verified', 'verified', 'verified', 'open', 'open', 'open']);
    const settled = timelineOf(itemOf(1, { observed: { stage: 'INCLUDED' } }), '3 of 4');
    expect(settled.map(({ standing }) => standing).slice(3)).toEqual(['verified', 'reported', 'open']);
  });

  it('tells when the relay reported the rest, if that was heard as it happened', () => {
    const observed = { stage: 'FINALIZED', heardAtMs: { included: 2_400, finalized: 3_100 } } as const;
    const heard = timelineOf(itemOf(1, { observed, createdAtMs: 1_000 }), '');
    expect(heard.slice(4).map(({ atMs }) => atMs)).toEqual([1_400, 2_100]);
    const late = timelineOf(itemOf(1, { observed: { stage: 'FINALIZED', heardAtMs: { finalized: 3_100 } } }), '');
    expect(late.slice(4)).toMatchObject([{ atMs: 3_100, isAtMost: true }, { atMs: 3_100 }]);
    expect(late.at(-1)).not.toHaveProperty('isAtMost');
    const read = timelineOf(itemOf(1, { observed: { stage: 'FINALIZED' } }), '');
    expect(read.slice(4).map(({ atMs }) => atMs)).toEqual([undefined, undefined]);
  });

  it('ends where the slot went to something else', () => {
    expect(timelineOf(itemOf(1, { stage: 'SKIPPED' }), '').at(-1)?.standing).toBe('ended');
  });
});
