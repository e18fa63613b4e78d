import type { ClientCore } from '../core.ts';
import type { SettlementHint } from '../transport.ts';

/** Records where a payment is said to stand on chain; whether that changed anything. Hearsay, and kept as such. */
export function observe(core: ClientCore, hint: SettlementHint): Promise<boolean> | boolean {
  const { transactionHash, stage, settlement } = hint;
  // Back in the outbox: its block was abandoned (§10).
  if (stage === 'QUEUED_ONCHAIN') return core.store.observe(core.owner, transactionHash, undefined);
  if (stage !== 'INCLUDED' && stage !== 'FINALIZED') return false;
  return core.store.observe(core.owner, transactionHash, {
    stage,
    ...(settlement
      ? { settlement: { blockHeight: settlement.block.height, transactionHash: settlement.transactionHash } }
      : {}),
  });
}
