import { type Address, OrderKind } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';

/** The payment that a person is putting together; kept in memory only. */
export interface DraftState {
  /** Transfer to a FastPay account, or withdraw to an address on Tempo. */
  readonly kind: OrderKind;
  readonly recipient: Address | undefined;
  /** As typed; empty until then. */
  readonly amount: string;
  /** The request asked for this very amount. */
  readonly amountRequested: boolean;
  choose(recipient: Address, amount?: string): void;
  withdraw(recipient: Address, amount: string): void;
  type(amount: string): void;
  clear(): void;
}

export function createDraft() {
  return createStore<DraftState>()((set) => ({
    kind: OrderKind.transfer,
    recipient: undefined,
    amount: '',
    amountRequested: false,
    choose(recipient, amount) {
      set({ kind: OrderKind.transfer, recipient, amount: amount ?? '', amountRequested: amount !== undefined });
    },
    withdraw(recipient, amount) {
      set({ kind: OrderKind.withdraw, recipient, amount, amountRequested: false });
    },
    type(amount) {
      set({ amount, amountRequested: false });
    },
    clear() {
      set({ kind: OrderKind.transfer, recipient: undefined, amount: '', amountRequested: false });
    },
  }));
}
