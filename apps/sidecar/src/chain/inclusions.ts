import { accountKey } from '@fastpay/protocol';
import type { ChainSettlement } from '@fastpay/tempo';
import type { SettlementObservation } from '@fastpay/validator';

/**
 * Turns what the chain shows into stage changes (§10): INCLUDED when an event appears above the finalized block,
 * FINALIZED when a finalized block holds it, QUEUED_ONCHAIN when its block was abandoned.
 */
export interface Inclusions {
  /** Events of all blocks above the finalized one, as the chain has them now. */
  observePending(events: readonly ChainSettlement[]): readonly SettlementObservation[];
  /** Events of blocks that have become final. */
  observeFinal(events: readonly ChainSettlement[]): readonly SettlementObservation[];
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
  };
}

function keyOf({ account, sequence, value }: ChainSettlement): string {
  return `${accountKey(account)}/${sequence}/${value}`;
}

function change(event: ChainSettlement, stage: SettlementObservation['stage']): SettlementObservation {
  const { account, sequence, value, settlement } = event;
  return { account, sequence, value, stage, ...(stage === 'QUEUED_ONCHAIN' ? {} : { settlement }) };
}
