import { type AccountId, accountKey, type CommitCertificate, orderCost } from '@fastpay/protocol';
import { creditOf } from './resolve.ts';

export interface SettleOrder {
  /** In an order in which they can be settled, as close as possible to that in which they came; the others last. */
  readonly certificates: readonly CommitCertificate[];
  /** Whether all of them can be settled. */
  readonly isSettleable: boolean;
}

/**
 * Orders certificates so that the reserve can settle each at its turn (§6): its payer has the money there, and the slots
 * of one account come as they follow on each other, so that no later one takes the money of an earlier one. If any order
 * settles all of them, this one does: whatever is settled before its time only brings money to others.
 */
export function settleOrder(
  certificates: readonly CommitCertificate[],
  onChainBalance: (account: AccountId) => bigint,
): SettleOrder {
  const balances = new Map<string, bigint>();
  const balanceOf = (account: AccountId) => balances.get(accountKey(account)) ?? onChainBalance(account);
  const add = (account: AccountId, amount: bigint) => balances.set(accountKey(account), balanceOf(account) + amount);
  const sequences = sequencesByAccount(certificates);

  /** Does what the reserve would do; false when it would pass the certificate over. */
  function settle(certificate: CommitCertificate): boolean {
    const { slot, signedOrder } = certificate;
    const own = sequences.get(accountKey(slot));
    if (own?.[0] !== slot.sequence) return false;
    if (signedOrder) {
      const cost = orderCost(signedOrder.order);
      if (balanceOf(slot) < cost) return false;
      add(slot, -cost);
      const credit = creditOf(certificate);
      if (credit !== undefined) add({ owner: signedOrder.order.recipient, asset: slot.asset }, credit);
    }
    own.shift();
    return true;
  }

  const ordered: CommitCertificate[] = [];
  let waiting = certificates;
  let before: number;
  do {
    before = waiting.length;
    waiting = waiting.filter((certificate) => {
      if (!settle(certificate)) return true;
      ordered.push(certificate);
      return false;
    });
  } while (waiting.length > 0 && waiting.length < before);
  return { certificates: [...ordered, ...waiting], isSettleable: waiting.length === 0 };
}

/** What is still to be settled of each account, the lowest first. */
function sequencesByAccount(certificates: readonly CommitCertificate[]): ReadonlyMap<string, bigint[]> {
  const sequences = new Map<string, bigint[]>();
  for (const { slot } of certificates) {
    const own = sequences.get(accountKey(slot)) ?? [];
    sequences.set(accountKey(slot), [...own, slot.sequence]);
  }
  for (const own of sequences.values()) own.sort((left, right) => (left < right ? -1 : 1));
  return sequences;
}
