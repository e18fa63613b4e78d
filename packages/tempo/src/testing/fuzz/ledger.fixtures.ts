import type { PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  accountKey,
  type Domain,
  type Hash,
  type PaymentOrder,
  SKIP,
  type Slot,
  slotKey,
  slotOf,
  toSequence,
  transactionHashIn,
} from '@fastpay/protocol';
import { createSums, type Sums } from './model.fixtures.ts';

/** What an honest committee has certified: for each slot one value, each order funded when it was certified. */
export interface Certified {
  readonly slot: Slot;
  readonly value: Hash;
  /** Absent for SKIP. */
  readonly signedOrder?: { readonly order: PaymentOrder; readonly payerSignature: Uint8Array };
}

/** The ledger off chain. Balances count deposits and everything certified, settled or not. */
export interface Ledger {
  readonly balances: Sums;
  next(asset: Address, owner: Address): bigint;
  certify(order: PaymentOrder, payer: PayerSigner): Promise<Certified>;
  certifySkip(asset: Address, owner: Address): Certified;
  /** The value certified for a slot. */
  valueOf(slot: Slot): Hash | undefined;
  /** Certified and not yet settled, in the order in which it was certified. */
  pending(asset: Address): readonly Certified[];
  settled(asset: Address): readonly Certified[];
  /** Moves what settled from pending to settled. */
  settle(slots: readonly Slot[]): void;
}

export function createLedger(domain: Domain): Ledger {
  const balances = createSums();
  const nexts = new Map<string, bigint>();
  const values = new Map<string, Hash>();
  const open = new Map<string, Certified>();
  const done: Certified[] = [];

  const next = (asset: Address, owner: Address) => nexts.get(accountKey({ asset, owner })) ?? 0n;
  function add(certified: Certified): Certified {
    const { slot, value } = certified;
    values.set(slotKey(slot), value);
    open.set(slotKey(slot), certified);
    nexts.set(accountKey(slot), slot.sequence + 1n);
    return certified;
  }

  return {
    balances,
    next,
    async certify(order, payer) {
      const value = transactionHashIn(order, domain);
      const payerSignature = await payer.sign(value);
      balances.add(order.asset, order.sender, -order.amount - order.fee);
      if (order.kind === 0) balances.add(order.asset, order.recipient, order.amount);
      return add({ slot: slotOf(order), value, signedOrder: { order, payerSignature } });
    },
    certifySkip: (asset, owner) =>
      add({ slot: { asset, owner, sequence: toSequence(next(asset, owner)) }, value: SKIP }),
    valueOf: (slot) => values.get(slotKey(slot)),
    pending: (asset) => [...open.values()].filter(({ slot }) => slot.asset === asset),
    settled: (asset) => done.filter(({ slot }) => slot.asset === asset),
    settle(slots) {
      for (const slot of slots) {
        const certified = open.get(slotKey(slot));
        if (certified) done.push(certified);
        open.delete(slotKey(slot));
      }
    },
  };
}
