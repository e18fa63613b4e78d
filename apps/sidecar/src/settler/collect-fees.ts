import type { AccountId, Address, Hash } from '@fastpay/protocol';
import type { ReserveWriter, TempoChain } from '@fastpay/tempo';

/** Below this, base units, what the reserve owes is left there: fetching it costs gas. */
const WORTH_FETCHING = 500_000n;
/** Seconds of chain time between two looks at what is owed in one asset. */
const INTERVAL_SECONDS = 60n;
/** The same at most, while the token refuses (paused, policy): a transaction that fails costs gas too. */
const MAX_INTERVAL_SECONDS = 3_600n;

/** Fetches the fees that the reserve owes to whoever settled (§6), now and then. */
export interface FeeCollector {
  look(timestamp: bigint): Promise<void>;
}

interface LastLook {
  readonly next: bigint;
  readonly waitedSeconds: bigint;
  /** Of what was sent then. */
  readonly transactionHash?: Hash;
}

export function createFeeCollector(
  { assets }: { readonly assets: readonly Address[] },
  { chain, writer }: { readonly chain: Pick<TempoChain, 'accountOnChain'>; readonly writer: ReserveWriter },
): FeeCollector {
  const lastLooks = new Map<Address, LastLook>();

  async function waitSeconds(last: LastLook | undefined): Promise<bigint> {
    const outcome = last?.transactionHash && (await writer.outcome(last.transactionHash));
    if (!last || !outcome || outcome.succeeded) return INTERVAL_SECONDS;
    const longer = 2n * last.waitedSeconds;
    return longer < MAX_INTERVAL_SECONDS ? longer : MAX_INTERVAL_SECONDS;
  }

  return {
    async look(timestamp) {
      for (const asset of assets) {
        const last = lastLooks.get(asset);
        if (last && timestamp < last.next) continue;
        const waitedSeconds = await waitSeconds(last);
        const noted: LastLook = { next: timestamp + waitedSeconds, waitedSeconds };
        lastLooks.set(asset, noted);
        const account: AccountId = { owner: writer.address, asset };
        const { owed } = await chain.accountOnChain(account);
        if (owed < WORTH_FETCHING) continue;
        const { transactionHash } = await writer.submit({ type: 'release', account });
        lastLooks.set(asset, { ...noted, transactionHash });
      }
    },
  };
}
