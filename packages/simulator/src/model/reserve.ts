import type { AccountRef } from './ledger.ts';
import { createLedger } from './ledger.ts';
import { accountName, type Settled, slotName, type Violate } from './types.ts';

/**
 * The reserve contract after §6, as far as sums go: what is final was deposited, and everything settled is settled in
 * whatever order it can be, the slots of each account one after the other (I8, I9).
 */
export function checkReserve(
  deposits: readonly { readonly account: AccountRef; readonly amount: bigint }[],
  settled: readonly Settled[],
  expected: { balance(account: AccountRef): bigint; accounts(): readonly AccountRef[] },
  violate: Violate,
): void {
  const reserve = createLedger();
  let held = 0n;
  for (const { account, amount } of deposits) {
    reserve.deposit(account, amount);
    held += amount;
  }
  let waiting = [...settled];
  for (let progress = true; progress; ) {
    const later = waiting.filter(({ slot, value, order }) => {
      const cost = order ? order.amount + order.fee : 0n;
      if (reserve.balance(slot) < cost || slot.sequence > reserve.next(slot)) return true;
      reserve.resolve(slot, value, order);
      // The fee goes to whoever settles; a withdrawal goes out.
      if (order) held -= order.fee + (order.kind === 1 ? order.amount : 0n);
      return false;
    });
    progress = later.length < waiting.length;
    waiting = later;
  }
  for (const { slot } of waiting) violate('I8', `${slotName(slot)} cannot be settled`);
  let owed = 0n;
  for (const account of expected.accounts()) {
    const balance = reserve.balance(account);
    owed += balance;
    if (waiting.length === 0 && balance !== expected.balance(account)) {
      violate(
        'I8',
        `${accountName(account)} ends with ${balance} on chain and ${expected.balance(account)} in the ledger`,
      );
    }
  }
  if (held < owed) violate('I9', `the reserve holds ${held} and owes ${owed}`);
}
