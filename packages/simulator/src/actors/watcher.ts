import { RejectError, slotKey, toSequence } from '@fastpay/protocol';
import type { FinalizedBlock, FinalizedEvents, SettlementObservation } from '@fastpay/validator';
import type { RunChain } from './chain.ts';

/** What a validator's eyes need of it. */
interface Watched {
  readonly signer: number;
  isUp(): boolean;
  /** The last final block that its ledger has taken in. */
  finalizedHeight(): bigint | undefined;
  settle(observations: readonly SettlementObservation[]): Promise<void>;
  observe(finalized: FinalizedBlock, events: FinalizedEvents): Promise<void>;
}

/**
 * Shows one validator what is new on chain: settlements first, so that a crash between the two never skips one, then
 * deposits and exits of final blocks.
 */
export function createWatcher(node: Watched, { simulated }: RunChain): () => Promise<void> {
  let included = new Map<string, SettlementObservation>();
  const { chain } = simulated;

  async function settlementsUpTo(finalized: bigint, latest: bigint): Promise<readonly SettlementObservation[]> {
    const from = (node.finalizedHeight() ?? -1n) + 1n;
    if (from > latest) return [];
    const seen = new Map<string, SettlementObservation>();
    const observations: SettlementObservation[] = [];
    for (const { account, sequence, value, settlement } of await chain.settlements(from, latest)) {
      const stage = settlement.block.height <= finalized ? 'FINALIZED' : 'INCLUDED';
      const observation: SettlementObservation = { account, sequence, value, stage, settlement };
      observations.push(observation);
      seen.set(slotKey({ ...account, sequence: toSequence(sequence) }), observation);
    }
    // What was in a block that is no more goes back into the queue (§10).
    for (const [key, { account, sequence, value }] of included) {
      if (!seen.has(key)) observations.push({ account, sequence, value, stage: 'QUEUED_ONCHAIN' });
    }
    included = new Map([...seen].filter(([, { stage }]) => stage === 'INCLUDED'));
    return observations;
  }

  return async () => {
    if (!node.isUp()) return;
    const { latest, finalized } = simulated.head();
    const known = node.finalizedHeight();
    if (known !== undefined && known >= finalized.height && included.size === 0 && known >= latest.height) return;
    try {
      const observations = await settlementsUpTo(finalized.height, latest.height);
      if (observations.length > 0) await node.settle(observations);
      if (known !== undefined && known >= finalized.height) return;
      const from = (known ?? -1n) + 1n;
      const [deposits, exits] = [
        await chain.deposits(from, finalized.height),
        await chain.exits(from, finalized.height),
      ];
      await node.observe(finalized, { deposits, exits });
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
    }
  };
}
