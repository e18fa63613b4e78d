import { toAddress, toHash } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { createGrants, type Grant, type GrantOutcome } from './grants.ts';

const hashOf = (digit: string) => toHash(`0x${digit.repeat(64)}`);
const grantOf = (digit: string, validBefore = 100n): Grant => ({
  digest: hashOf(digit),
  owner: toAddress(`0x${'a1'.repeat(20)}`),
  signed: { rawTransaction: '0x76', transactionHash: hashOf(digit) },
  validBefore,
  cost: 30n,
  hour: 1,
});

function watched() {
  const outcomes: [string, GrantOutcome][] = [];
  const grants = createGrants({ onOutcome: ({ digest }, outcome) => outcomes.push([digest.slice(2, 3), outcome]) });
  return { grants, outcomes };
}
const chain = (found: Record<string, { succeeded: boolean; spent: bigint }>, finalized: bigint) => ({
  lookUp: (hash: string) => Promise.resolve(found[hash.slice(2, 3)]),
  finalizedTimestamp: () => Promise.resolve(finalized),
});

describe('a grant', () => {
  it('is found by what its sender signed, and counts with all that it can cost, until it ends', async () => {
    const { grants, outcomes } = watched();
    grants.add(grantOf('1'));
    grants.add(grantOf('2'));
    expect([grants.size, grants.reserved, grants.find(hashOf('2'))]).toEqual([2, 60n, grantOf('2')]);
    await grants.look(chain({ 1: { succeeded: true, spent: 7n } }, 99n));
    expect(outcomes).toEqual([['1', { type: 'included', spent: 7n }]]);
    expect([grants.size, grants.reserved, grants.find(hashOf('1'))]).toEqual([1, 30n, undefined]);
  });

  it('costs what it used when it failed in its block', async () => {
    const { grants, outcomes } = watched();
    grants.add(grantOf('1'));
    await grants.look(chain({ 1: { succeeded: false, spent: 9n } }, 5_000n));
    expect(outcomes).toEqual([['1', { type: 'reverted', spent: 9n }]]);
  });

  it('costs nothing once its time has gone by in a block that is final, and not before', async () => {
    const { grants, outcomes } = watched();
    grants.add(grantOf('1', 100n));
    await grants.look(chain({}, 99n));
    expect(outcomes).toEqual([]);
    await grants.look(chain({}, 100n));
    expect(outcomes).toEqual([['1', { type: 'unused' }]]);
  });

  it('stays when the chain cannot be asked', async () => {
    const { grants, outcomes } = watched();
    grants.add(grantOf('1'));
    const broken = { ...chain({}, 500n), lookUp: () => Promise.reject(new Error('away')) };
    await expect(grants.look(broken)).rejects.toThrow('away');
    expect([grants.size, outcomes]).toEqual([1, []]);
  });

  it('asks nothing of the chain while there is none', async () => {
    const { grants } = watched();
    const never = () => Promise.reject(new Error('was asked'));
    await grants.look({ lookUp: never, finalizedTimestamp: never });
    expect(grants.size).toBe(0);
  });
});
