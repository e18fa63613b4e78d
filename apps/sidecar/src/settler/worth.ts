import type { Funds } from '@fastpay/tempo';
import type { OutboxItem } from '@fastpay/validator';
import { settlerLimits } from './limits.ts';

/** Gas of a transaction and of each entry, from `npm run gas`, with something to spare. */
const GAS_TRANSACTION = 60_000n;
const GAS_ENTRY = 40_000n;
/** Gas prices are quoted in 10^-18 dollars; tokens have six decimals. */
const PRICE_UNITS_PER_BASE_UNIT = 1_000_000_000_000n;

/**
 * Whether the fees of a batch pay for its gas, or it has waited long enough to be settled all the same: a price that
 * rose for a while delays payments and never holds them.
 */
export function isWorthSettling(
  items: readonly OutboxItem[],
  { gasPrice }: Pick<Funds, 'gasPrice'>,
  { nowMs, isUrgent }: { readonly nowMs: number; readonly isUrgent: (item: OutboxItem) => boolean },
): boolean {
  const gas = GAS_TRANSACTION + GAS_ENTRY * BigInt(items.length);
  const fees = items.reduce((sum, { certificate }) => sum + (certificate.signedOrder?.order.fee ?? 0n), 0n);
  if (fees * PRICE_UNITS_PER_BASE_UNIT >= gas * gasPrice) return true;
  return items.some((item) => isUrgent(item) || nowMs - item.resolvedAtMs >= settlerLimits.patienceMs);
}
