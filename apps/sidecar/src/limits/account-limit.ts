import { type AccountId, accountKey, type Hash, RejectError } from '@fastpay/protocol';
import type { SidecarConfig } from '../config/schema.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** Accounts that are told apart at most. */
const MAX_ACCOUNTS = 50_000;

/**
 * Bounds how many new payments a second one account may have voted on (§14).
 *
 * Only an order that was voted for is charged, and each once: such an order bears the owner's valid signature and
 * holds the account's next slot. So nobody can use up the allowance of an account with forged or replayed orders.
 */
export interface AccountLimit {
  /** @throws RejectError RATE_LIMITED when the account has used up its allowance and this order is a new one. */
  check(account: AccountId, transactionHash: Hash): void;
  /** Counts an order that was voted for. */
  charge(account: AccountId, transactionHash: Hash): void;
}

export function createAccountLimit(
  limits: SidecarConfig['limits'],
  { metrics, nowMs }: { readonly metrics: Pick<Metrics, 'limited'>; readonly nowMs: () => number },
): AccountLimit {
  const rate = createTokenBuckets(
    {
      ratePerSecond: limits.paymentsPerSecondPerAccount,
      burst: limits.paymentBurstPerAccount,
      maxKeys: MAX_ACCOUNTS,
    },
    { nowMs },
  );
  // The order charged last, of the same bounded set of accounts.
  const charged = new Map<string, Hash>();

  return {
    check(account, transactionHash) {
      const key = accountKey(account);
      if (charged.get(key) === transactionHash) return;
      const retryAfterMs = rate.probe(key);
      if (retryAfterMs === 0) return;
      metrics.limited.inc({ limit: 'account' });
      throw new RejectError('RATE_LIMITED', 'too many payments of this account', { retryAfterMs });
    },
    charge(account, transactionHash) {
      const key = accountKey(account);
      if (charged.get(key) === transactionHash) return;
      rate.take(key);
      charged.delete(key);
      charged.set(key, transactionHash);
      if (charged.size > MAX_ACCOUNTS) {
        const [oldest] = charged.keys();
        if (oldest !== undefined) charged.delete(oldest);
      }
    },
  };
}
