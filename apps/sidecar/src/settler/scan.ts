import { SKIP } from '@fastpay/protocol';
import type { OutboxItem, Validator } from '@fastpay/validator';
import { settlerLimits } from './limits.ts';

/**
 * Reads what waits in the outbox, a bounded part of it at a time: the oldest, unless these are all SKIPs, which may
 * wait for ever; then the part behind them.
 */
export function createScan(validator: Pick<Validator, 'outbox'>): () => readonly OutboxItem[] {
  let start = 0n;
  return () => {
    const found: OutboxItem[] = [];
    let cursor = start;
    let isEnd = false;
    while (!isEnd && found.length < settlerLimits.scannedItems) {
      const page = validator.outbox({ afterCursor: cursor, limit: settlerLimits.outboxPage });
      found.push(...page);
      isEnd = page.length < settlerLimits.outboxPage;
      cursor = page.at(-1)?.cursor ?? cursor;
    }
    const isWork = found.some(({ stage, certificate }) => stage === 'QUEUED_ONCHAIN' && certificate.value !== SKIP);
    start = isEnd || isWork ? 0n : cursor;
    return found.filter(({ stage }) => stage === 'QUEUED_ONCHAIN');
  };
}
