import { type CommitCertificate, type Hash, limits, OrderKind, orderCost, type RejectError } from '@fastpay/protocol';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import { haltedAccount, missingPredecessor } from './refusals.ts';

/** What rule 3 looks at besides the certificate. */
export interface ResolveSituation {
  /** The account whose slot it is. */
  readonly account: AccountState | undefined;
  /** What the slot holds for good, if anything. */
  readonly resolvedValue: Hash | undefined;
}

export type ResolveDecision =
  | { readonly type: 'known' }
  | { readonly type: 'refuse'; readonly reject: RejectError }
  /** If the certificate proves to be valid, two quorums committed to different values in one slot. */
  | { readonly type: 'conflict' }
  /** The account as it is once the slot is resolved; `hasAdvanced` when the open slot is passed. */
  | { readonly type: 'resolve'; readonly account: AccountState; readonly hasAdvanced: boolean };

/**
 * Rule 3 of §5: applies whatever the slot's state, at any sequence within the window, in any order. It is asked before
 * the certificate is verified, and again after.
 */
export function decideResolve(certificate: CommitCertificate, situation: ResolveSituation): ResolveDecision {
  const { account = NEW_ACCOUNT, resolvedValue } = situation;
  const { slot, value, signedOrder } = certificate;
  if (resolvedValue === value) return { type: 'known' };
  if (account.isHalted) return { type: 'refuse', reject: haltedAccount() };
  if (resolvedValue !== undefined) return { type: 'conflict' };
  if (slot.sequence >= account.next + limits.resolveWindowSlots) {
    return { type: 'refuse', reject: missingPredecessor(account.next) };
  }
  const cost = signedOrder ? orderCost(signedOrder.order) : 0n;
  const advanced = withResolved(account, slot.sequence);
  return {
    type: 'resolve',
    account: { ...advanced, balance: account.balance - cost },
    hasAdvanced: advanced.next > account.next,
  };
}

/** The account as it is once an order's money has come in; undefined when it leaves the ledger (kind 1) or is SKIP. */
export function creditOf({ signedOrder }: CommitCertificate): bigint | undefined {
  return signedOrder?.order.kind === OrderKind.transfer ? signedOrder.order.amount : undefined;
}

export function withCredit(account: AccountState | undefined, amount: bigint): AccountState {
  const before = account ?? NEW_ACCOUNT;
  return { ...before, balance: before.balance + amount };
}

/** Marks a slot as resolved and moves `next` over the contiguous prefix. */
function withResolved(account: AccountState, sequence: bigint): AccountState {
  let { next } = account;
  let resolvedAhead = account.resolvedAhead | (1n << (sequence - next));
  while (resolvedAhead & 1n) {
    resolvedAhead >>= 1n;
    next++;
  }
  return { ...account, next, resolvedAhead };
}
