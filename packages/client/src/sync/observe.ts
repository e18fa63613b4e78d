import type { ClientCore } from '../core.ts';
import type { SettlementHint } from '../transport.ts';

/**
 * Records where a payment is said to stand on chain; whether that changed anything. Hearsay, and kept as such.
 * @param heardAtMs For news of this moment; what is read up later may have happened any time before.
 */
export function observe(core: ClientCore, hint: SettlementHint, heardAtMs?: number): Promise<boolean> | boolean {
  const { transactionHash, stage, settlement } = hint;
  // Back in the outbox: its block was abandoned (§10).
  if (stage === 'QUEUED_ONCHAIN') return core.store.observe(core.owner, transactionHash, undefined);
  if (stage !== 'INCLUDED' && stage !== 'FINALIZED') return false;
  return core.store.observe(core.owner, transactionHash, {
    stage,
    ...(heardAtMs === undefined
      ? {}
      : { heardAtMs: stage === 'INCLUDED' ? { included: heardAtMs } : { finalized: heardAtMs } }),
    ...(settlement
      ? { settlement: { blockHeight: settlement.block.height, transactionHash: settlement.transactionHash } }
      : {}),
  });
}
