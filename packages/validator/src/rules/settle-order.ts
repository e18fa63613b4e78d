import { type AccountId, accountKey, type CommitCertificate, orderCost } from '@fastpay/protocol';
import { creditOf } from './resolve.ts';

export interface SettleOrder {
  /** In an order in which they can be settled, as close as possible to that in which they came; the others last. */
  readonly certificates: readonly CommitCertificate[];
  /** Whether all of them can be settled. */
  readonly isSettleable: boolean;
}

/** What of one account is still to be settled. */
interface Account {
  /** By slot, the highest first, so that the next one is the last here. */
  readonly waiting: Waiting[];
  balance: bigint;
}

interface Waiting {
  readonly certificate: CommitCertificate;
  /** Where it came. */
  readonly at: number;
}

/**
 * Orders certificates so that the reserve can settle each at its turn (§6): its payer has the money there, and the slots
 * of one account come as they follow on each other, so that no later one takes the money of an earlier one. If any order
 * settles all of them, this one does: whatever is settled before its time only brings money to others. Takes n log n for
 * n certificates: an account is looked at when one of it comes, and when another certificate has changed it.
 */
export function settleOrder(
  certificates: readonly CommitCertificate[],
  onChainBalance: (account: AccountId) => bigint,
): SettleOrder {
  const accounts = accountsOf(certificates, onChainBalance);
  const settled = new Set<CommitCertificate>();

  /** Does what the reserve would do with the next slot of the account; undefined when it would pass that over. */
  function settleNext(account: Account, arrived: number): CommitCertificate | undefined {
    const next = account.waiting.at(-1);
    if (!next || next.at > arrived) return undefined;
    const { signedOrder } = next.certificate;
    const cost = signedOrder ? orderCost(signedOrder.order) : 0n;
    if (signedOrder && account.balance < cost) return undefined;
    account.balance -= cost;
    account.waiting.pop();
    settled.add(next.certificate);
    return next.certificate;
  }

  for (const [arrived, { slot }] of certificates.entries()) {
    const toLookAt = [accounts.get(accountKey(slot))];
    // Goes on over the accounts that are changed on the way, so that what waited for this one follows it at once.
    for (const account of toLookAt) {
      const certificate = account && settleNext(account, arrived);
      if (!certificate) continue;
      const paid = recipientIn(accounts, certificate);
      if (paid) paid.balance += creditOf(certificate) ?? 0n;
      toLookAt.push(account, paid);
    }
  }
  const rest = certificates.filter((certificate) => !settled.has(certificate));
  return { certificates: [...settled, ...rest], isSettleable: rest.length === 0 };
}

/** Those that pay; money that comes to others settles nothing here. */
function accountsOf(
  certificates: readonly CommitCertificate[],
  onChainBalance: (account: AccountId) => bigint,
): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  for (const [at, certificate] of certificates.entries()) {
    const key = accountKey(certificate.slot);
    const account = accounts.get(key) ?? { waiting: [], balance: onChainBalance(certificate.slot) };
    account.waiting.push({ certificate, at });
    accounts.set(key, account);
  }
  for (const { waiting } of accounts.values()) waiting.sort(highestFirst);
  return accounts;
}

function highestFirst({ certificate: left }: Waiting, { certificate: right }: Waiting): number {
  if (left.slot.sequence === right.slot.sequence) return 0;
  return left.slot.sequence > right.slot.sequence ? -1 : 1;
}

function recipientIn(accounts: ReadonlyMap<string, Account>, certificate: CommitCertificate): Account | undefined {
  const { slot, signedOrder } = certificate;
  return signedOrder && accounts.get(accountKey({ owner: signedOrder.order.recipient, asset: slot.asset }));
}
