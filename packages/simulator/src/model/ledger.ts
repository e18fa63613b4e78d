import type { Address, PaymentOrder, Slot } from '@fastpay/protocol';
import { accountName, slotName } from './types.ts';

/** A plain ledger after §5, for one validator or for all that exists: sums and sets, nothing else. */
export interface Ledger {
  deposit(account: AccountRef, amount: bigint): void;
  /** Whether the slot was open. Moves the order's money; without an order, none. */
  resolve(slot: Slot, value: string, order: PaymentOrder | undefined): boolean;
  /** Money that left through the contract's exit. */
  exit(account: AccountRef, amount: bigint): void;
  balance(account: AccountRef): bigint;
  /** The first slot that is not resolved. */
  next(account: AccountRef): bigint;
  valueOf(slot: Slot): string | undefined;
  /** Accounts that were ever named, by owner and asset. */
  accounts(): readonly AccountRef[];
  /** Σ balances + fees + withdrawn + exited − Σ deposits: 0, always (I1). */
  imbalance(): bigint;
  readonly resolved: ReadonlyMap<string, string>;
}

export interface AccountRef {
  readonly owner: Address;
  readonly asset: Address;
}

export function createLedger(): Ledger {
  const balances = new Map<string, { readonly account: AccountRef; balance: bigint; next: bigint }>();
  const resolved = new Map<string, string>();
  let deposits = 0n;
  let fees = 0n;
  let withdrawn = 0n;
  let exited = 0n;

  function lineOf({ owner, asset }: AccountRef) {
    const name = accountName({ owner, asset });
    const line = balances.get(name) ?? { account: { owner, asset }, balance: 0n, next: 0n };
    balances.set(name, line);
    return line;
  }

  return {
    resolved,
    deposit(account, amount) {
      deposits += amount;
      lineOf(account).balance += amount;
    },
    resolve(slot, value, order) {
      const name = slotName(slot);
      if (resolved.has(name)) return false;
      resolved.set(name, value);
      const payer = lineOf(slot);
      if (order) {
        payer.balance -= order.amount + order.fee;
        fees += order.fee;
        if (order.kind === 0) lineOf({ owner: order.recipient, asset: slot.asset }).balance += order.amount;
        else withdrawn += order.amount;
      }
      while (resolved.has(`${accountName(slot)}/${payer.next}`)) payer.next++;
      return true;
    },
    exit(account, amount) {
      exited += amount;
      lineOf(account).balance -= amount;
    },
    balance: (account) => balances.get(accountName(account))?.balance ?? 0n,
    next: (account) => balances.get(accountName(account))?.next ?? 0n,
    valueOf: (slot) => resolved.get(slotName(slot)),
    accounts: () => [...balances.values()].map(({ account }) => account),
    imbalance: () =>
      [...balances.values()].reduce((sum, { balance }) => sum + balance, 0n) + fees + withdrawn + exited - deposits,
  };
}
