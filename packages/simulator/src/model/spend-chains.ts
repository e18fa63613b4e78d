import type { PaymentOrder, Slot } from '@fastpay/protocol';
import type { AccountRef } from './ledger.ts';
import { accountName } from './types.ts';

/** What the contract holds for an account now. */
export interface OnChain {
  /** Base units. */
  readonly balance: bigint;
  /** The first slot that is not settled. */
  readonly next: bigint;
}

/** A payment that could not have been made without money that was itself not settled. */
export interface ChainedSpend {
  /** How many payments, each out of the one before, this one is the last of; 1 when it needs none. */
  readonly depth: number;
  /** Milliseconds since the newest of the credits that it needed was certified; absent at depth 1. */
  readonly afterMs?: number;
}

/** Follows money that is spent again before it is settled, over all accounts. */
export interface SpendChains {
  /** A payment that a quorum may have committed to, in the order in which that happens. */
  paid(slot: Slot, order: PaymentOrder, nowMs: number): ChainedSpend;
}

interface Spend {
  readonly slot: Slot;
  readonly order: PaymentOrder;
  readonly depth: number;
  readonly atMs: number;
}

export function createSpendChains(onChain: (account: AccountRef) => OnChain): SpendChains {
  const all: Spend[] = [];

  /** The least depth with which the payment could be made: it takes the shallowest credits first. */
  function chainOf(slot: Slot, order: PaymentOrder, nowMs: number): ChainedSpend {
    const payer = accountName(slot);
    // Asked anew each time: a block that is abandoned takes what it settled along.
    const spends = all.filter((spend) => spend.slot.sequence >= onChain(spend.slot).next);
    const own = spends.filter((spend) => accountName(spend.slot) === payer);
    const spent = own.reduce((sum, { order: { amount, fee } }) => sum + amount + fee, 0n);
    let missing = order.amount + order.fee + spent - onChain(slot).balance;
    if (missing <= 0n) return { depth: 1 };
    let depth = 0;
    let newestMs = 0;
    const credits = spends.filter(({ order: { kind, recipient, asset } }) => {
      return kind === 0 && accountName({ owner: recipient, asset }) === payer;
    });
    for (const credit of credits.toSorted((left, right) => left.depth - right.depth)) {
      if (missing <= 0n) break;
      missing -= credit.order.amount;
      depth = credit.depth;
      newestMs = Math.max(newestMs, credit.atMs);
    }
    return depth === 0 ? { depth: 1 } : { depth: depth + 1, afterMs: nowMs - newestMs };
  }

  return {
    paid(slot, order, nowMs) {
      const chained = chainOf(slot, order, nowMs);
      all.push({ slot, order, depth: chained.depth, atMs: nowMs });
      return chained;
    },
  };
}
