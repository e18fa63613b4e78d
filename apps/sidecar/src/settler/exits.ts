import { accountKey } from '@fastpay/protocol';
import type { ExitingAccount, OutboxItem, Validator } from '@fastpay/validator';
import { settlerLimits } from './limits.ts';

/** What exits ask of the settler (§5 rule 6): everything unsettled of such an account is settled before it is ready. */
export interface Exits {
  /** Whether an item pays from or to an account whose exit stands requested. */
  isUrgent(item: OutboxItem): boolean;
  /** Accounts that can exit soon although something of them is unsettled. */
  readonly atRisk: readonly ExitingAccount[];
}

export function readExits(
  validator: Pick<Validator, 'exitingAccounts'>,
  { timestamp, exitDelaySeconds }: { readonly timestamp: bigint; readonly exitDelaySeconds: bigint },
): Exits {
  const exiting = validator
    .exitingAccounts(settlerLimits.exitingAccounts)
    .filter(({ readyAt }) => readyAt !== undefined);
  const keys = new Set(exiting.map(({ account }) => accountKey(account)));
  return {
    isUrgent({ certificate: { slot, signedOrder } }) {
      if (keys.size === 0) return false;
      const recipient = signedOrder?.order.recipient;
      return (
        keys.has(accountKey(slot)) || (recipient !== undefined && keys.has(accountKey({ ...slot, owner: recipient })))
      );
    },
    atRisk: exiting.filter(
      ({ unsettled, readyAt = 0n }) => unsettled > 0 && readyAt - timestamp < exitDelaySeconds / 4n,
    ),
  };
}
