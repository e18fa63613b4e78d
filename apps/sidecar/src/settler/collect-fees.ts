import type { AccountId, Address } from '@fastpay/protocol';
import type { ReserveWriter, TempoChain } from '@fastpay/tempo';

/** Below this, base units, what the reserve owes is left there: fetching it costs gas. */
const WORTH_FETCHING = 500_000n;
/** Seconds of chain time between two looks at what is owed. */
const INTERVAL_SECONDS = 60n;

/** Fetches the fees that the reserve owes to whoever settled (§6), now and then. */
export interface FeeCollector {
  look(timestamp: bigint): Promise<void>;
}

export function createFeeCollector(
  { assets }: { readonly assets: readonly Address[] },
  { chain, writer }: { readonly chain: Pick<TempoChain, 'accountOnChain'>; readonly writer: ReserveWriter },
): FeeCollector {
  let next = 0n;
  return {
    async look(timestamp) {
      if (timestamp < next) return;
      next = timestamp + INTERVAL_SECONDS;
      for (const asset of assets) {
        const account: AccountId = { owner: writer.address, asset };
        const { owed } = await chain.accountOnChain(account);
        if (owed >= WORTH_FETCHING) await writer.submit({ type: 'release', account });
      }
    },
  };
}
