import type { CommitCertificate, Hash } from '@fastpay/protocol';
import type { AccountRef } from './ledger.ts';
import type { OnChain } from './spend-chains.ts';
import { accountName, brief, slotName } from './types.ts';

/** A funding closure as somebody gives it away. */
export interface GivenClosure {
  /** What it is for. */
  readonly target: Hash;
  readonly certificates: readonly CommitCertificate[];
  /** Whether it is said to be whole. */
  readonly complete: boolean;
}

/**
 * I8 from outside: one after the other the certificates of a whole closure settle, on what the chain holds now, and what
 * it is for is among them; otherwise, in words, what is wrong. The chain may be ahead of who gave it: what is settled
 * already is passed over.
 */
export function closureFault(
  { target, certificates, complete }: GivenClosure,
  onChain: (account: AccountRef) => OnChain,
): string | undefined {
  if (!complete) return undefined;
  const accounts = new Map<string, OnChain>();
  const stateOf = (account: AccountRef) => accounts.get(accountName(account)) ?? onChain(account);
  for (const { slot, signedOrder } of certificates) {
    const { balance, next } = stateOf(slot);
    if (slot.sequence < next) continue;
    const cost = signedOrder ? signedOrder.order.amount + signedOrder.order.fee : 0n;
    if (slot.sequence > next) return `${slotName(slot)} comes where slot ${next} is due`;
    if (balance < cost) return `${slotName(slot)} takes ${cost} where ${balance} is there`;
    accounts.set(accountName(slot), { balance: balance - cost, next: next + 1n });
    if (signedOrder?.order.kind !== 0) continue;
    const recipient = { owner: signedOrder.order.recipient, asset: slot.asset };
    const before = stateOf(recipient);
    accounts.set(accountName(recipient), { ...before, balance: before.balance + signedOrder.order.amount });
  }
  return certificates.some(({ value }) => value === target) ? undefined : `${brief(target)} is not in it`;
}
