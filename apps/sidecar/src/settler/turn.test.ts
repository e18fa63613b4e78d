import { expect, it } from 'vitest';
import { settlesNow } from './turn.ts';

const settlers = (timestamp: bigint, members: number) =>
  Array.from({ length: members }, (_, signer) => signer).filter((signer) => settlesNow(timestamp, { signer, members }));

it('gives each validator in turn some seconds of chain time, and a pause between two', () => {
  const turns = Array.from({ length: 40 }, (_, second) => settlers(BigInt(second), 4).join('') || '-').join('');
  expect(turns).toBe('0000000-1111111-2222222-3333333-0000000-');
});

it('never gives two validators the same second', () => {
  for (let second = 0n; second < 2_000n; second++) expect(settlers(second, 7).length).toBeLessThanOrEqual(1);
});

it('lets a validator that is alone settle always', () => {
  for (let second = 0n; second < 20n; second++) expect(settlers(second, 1)).toEqual([0]);
});
