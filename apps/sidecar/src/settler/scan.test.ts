import type { OutboxItem } from '@fastpay/validator';
import { expect, it } from 'vitest';
import { settlerLimits } from './limits.ts';
import { createScan } from './scan.ts';
import { named, outboxItem } from './testing.fixtures.ts';

const outboxOf = (items: OutboxItem[]) => ({
  outbox: ({ afterCursor, limit }: { afterCursor: bigint; limit: number }) =>
    items.filter(({ cursor }) => cursor > afterCursor).slice(0, limit),
});

it('reads all that waits, and not what is in a block', () => {
  const items = [
    outboxItem(1, { from: 'alice', to: 'bob', sequence: 0 }),
    { ...outboxItem(2, { from: 'alice', to: 'bob', sequence: 1 }), stage: 'INCLUDED' as const },
    outboxItem(3, { from: 'alice', sequence: 2 }),
  ];
  expect(named(createScan(outboxOf(items))())).toEqual(['alice 0', 'alice 2']);
});

it('finds payments behind more SKIPs than it looks at at once, and begins anew', () => {
  const { scannedItems } = settlerLimits;
  const items = Array.from({ length: scannedItems + 500 }, (_, index) =>
    outboxItem(index + 1, { from: `p${index}`, sequence: 0 }),
  );
  items.push(outboxItem(scannedItems + 501, { from: 'alice', to: 'bob', sequence: 0 }));
  const scan = createScan(outboxOf(items));
  expect(scan()).toHaveLength(scannedItems);
  expect(named(scan())).toContain('alice 0');
  expect(named(scan())).not.toContain('alice 0');
});

it('stays with the oldest while there is work among them', () => {
  const items = Array.from({ length: settlerLimits.scannedItems + 10 }, (_, index) =>
    outboxItem(index + 1, { from: 'alice', to: 'bob', sequence: index }),
  );
  const scan = createScan(outboxOf(items));
  expect(scan().at(0)?.cursor).toBe(1n);
  expect(scan().at(0)?.cursor).toBe(1n);
});
