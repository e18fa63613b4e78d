import { type AccountId, accountKey, type CommitCertificate, OrderKind, orderCost, slotKey } from '@fastpay/protocol';

/** Money as certificates, deposits and exits alone tell it; no validator is asked. Base units. */
export interface Ledger {
  /** By `accountKey`; accounts that nothing ever happened to are absent. */
  readonly balances: ReadonlyMap<string, bigint>;
  readonly deposited: bigint;
  readonly fees: bigint;
  readonly withdrawn: bigint;
  readonly exited: bigint;
}

export interface LedgerInputs {
  readonly deposits: readonly { readonly account: AccountId; readonly amount: bigint }[];
  /** Verified; several over one slot and value count once. */
  readonly certificates: readonly CommitCertificate[];
  readonly exits: readonly { readonly account: AccountId; readonly amount: bigint }[];
}

/** Adds up. The order does not matter. @throws RangeError when two certificates give one slot two values. */
export function ledgerOf({ deposits, certificates, exits }: LedgerInputs): Ledger {
  const balances = new Map<string, bigint>();
  const add = (account: AccountId, amount: bigint) =>
    balances.set(accountKey(account), (balances.get(accountKey(account)) ?? 0n) + amount);
  let [deposited, fees, withdrawn, exited] = [0n, 0n, 0n, 0n];

  for (const { account, amount } of deposits) {
    add(account, amount);
    deposited += amount;
  }
  for (const { signedOrder } of oneEach(certificates).values()) {
    if (!signedOrder) continue;
    const { order } = signedOrder;
    add({ owner: order.sender, asset: order.asset }, -orderCost(order));
    fees += order.fee;
    if (order.kind === OrderKind.withdraw) withdrawn += order.amount;
    else add({ owner: order.recipient, asset: order.asset }, order.amount);
  }
  for (const { account, amount } of exits) {
    add(account, -amount);
    exited += amount;
  }
  return { balances, deposited, fees, withdrawn, exited };
}

/** By `slotKey`, one for each slot. @throws RangeError when two give one slot two values. */
export function oneEach(certificates: readonly CommitCertificate[]): ReadonlyMap<string, CommitCertificate> {
  const bySlot = new Map<string, CommitCertificate>();
  for (const certificate of certificates) {
    const key = slotKey(certificate.slot);
    const known = bySlot.get(key);
    if (known && known.value !== certificate.value) throw new RangeError(`slot ${key} has two values`);
    if (!known) bySlot.set(key, certificate);
  }
  return bySlot;
}
