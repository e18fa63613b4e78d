import type { Ledger } from './ledger.ts';
import type { LedgerHead } from './ledger-head.ts';

/**
 * When the oldest payment in the outbox was resolved, unix milliseconds (§5 rule 1). Asked before each vote, so it
 * remembers where it looked: cursors only grow, so the oldest stays the oldest until it leaves.
 */
export function watchOldestUnsettled(
  ledger: Pick<Ledger, 'inOutbox' | 'firstOfOutbox'>,
  store: { readonly head: () => LedgerHead },
): () => number | undefined {
  // No payment below it is in the outbox.
  let from = 0n;
  return () => {
    const below = store.head().cursor + 1n;
    if (from >= below) return undefined;
    const remembered = ledger.inOutbox(from);
    if (remembered) return remembered.resolvedAtMs;
    const oldest = ledger.firstOfOutbox(from, below);
    from = oldest?.cursor ?? below;
    return oldest?.resolvedAtMs;
  };
}
