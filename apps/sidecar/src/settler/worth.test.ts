import { expect, it } from 'vitest';
import { settlerLimits } from './limits.ts';
import { outboxItem } from './testing.fixtures.ts';
import { isWorthSettling } from './worth.ts';

const GWEI = 1_000_000_000n;
const items = [0, 1].map((sequence) => outboxItem(1, { from: 'alice', to: 'bob', sequence, fee: 2_000n }));
const now = { nowMs: 1_000, isUrgent: () => false };

it('settles what pays for its gas, and waits while the price of gas is above that', () => {
  // 140,000 gas for 4,000 units: 28.6 gwei.
  expect(isWorthSettling(items, { gasPrice: 20n * GWEI }, now)).toBe(true);
  expect(isWorthSettling(items, { gasPrice: 28n * GWEI }, now)).toBe(true);
  expect(isWorthSettling(items, { gasPrice: 29n * GWEI }, now)).toBe(false);
});

it('settles at any price what has waited long, and what is urgent', () => {
  const later = { ...now, nowMs: settlerLimits.patienceMs + 1 };
  expect(isWorthSettling(items, { gasPrice: 500n * GWEI }, later)).toBe(true);
  const urgent = { ...now, isUrgent: ({ certificate }: (typeof items)[number]) => certificate.slot.sequence === 1n };
  expect(isWorthSettling(items, { gasPrice: 500n * GWEI }, urgent)).toBe(true);
});
