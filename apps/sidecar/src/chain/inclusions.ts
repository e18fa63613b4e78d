import { accountKey } from '@fastpay/protocol';
import type { ChainSettlement } from '@fastpay/tempo';
import type { OutboxItem, SettlementObservation } from '@fastpay/validator';

/**
 * Turns what the chain shows into stage changes (§10): INCLUDED when an event appears above the finalized block,
 * FINALIZED when a finalized block holds it, QUEUED_ONCHAIN when its block was abandoned.
 */
export interface Inclusions {
  /** Events of all blocks above the finalized one, as the chain has them now. */
  observePending(events: readonly ChainSettlement[]): readonly SettlementObservation[];
  /** Events of blocks that have become final. */
  observeFinal(events: readonly ChainSettlement[]): readonly SettlementObservation[];
  /**
   * What the store calls included and no block above the finalized one holds: its block was abandoned while nobody
   * looked. To be asked after both others, with what they were given applied.
   */
  observeStored(items: readonly OutboxItem[]): readonly SettlementObservation[];
}

export function createInclusions(): Inclusions {
  // Bounded by the events in the few blocks between finalized and latest.
  let pending = new Map<string, ChainSettlement>();

  return {
    observePending(events) {
      const now = new Map(events.map((event) => [keyOf(event), event]));
      const changes: SettlementObservation[] = [];
      for (const [key, event] of now) {
        const before = pending.get(key);
        if (before?.settlement.block.hash !== event.settlement.block.hash) changes.push(change(event, 'INCLUDED'));
      }
      for (const [key, event] of pending) if (!now.has(key)) changes.push(change(event, 'QUEUED_ONCHAIN'));
      pending = now;
      return changes;
    },
    observeFinal(events) {
      for (const event of events) pending.delete(keyOf(event));
      return events.map((event) => change(event, 'FINALIZED'));
    },
    observeStored: (items) =>
      items.flatMap(({ stage, certificate: { slot, value } }) => {
        const { owner, asset, sequence } = slot;
        const account = { owner, asset };
        if (stage !== 'INCLUDED' || pending.has(keyOf({ account, sequence, value }))) return [];
        return [{ account, sequence, value, stage: 'QUEUED_ONCHAIN' as const }];
      }),
  };
}

function keyOf({ account, sequence, value }: Pick<ChainSettlement, 'account' | 'sequence' | 'value'>): string {
  return `${accountKey(account)}/${sequence}/${value}`;
}

function change(event: ChainSettlement, stage: SettlementObservation['stage']): SettlementObservation {
  const { account, sequence, value, settlement } = event;
  return { account, sequence, value, stage, ...(stage === 'QUEUED_ONCHAIN' ? {} : { settlement }) };
}
