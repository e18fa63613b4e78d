import type { Address } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';

/** The payment that a person is putting together; kept in memory only. */
export interface DraftState {
  readonly recipient: Address | undefined;
  /** As typed; empty until then. */
  readonly amount: string;
  /** The request asked for this very amount. */
  readonly amountRequested: boolean;
  choose(recipient: Address, amount?: string): void;
  type(amount: string): void;
  clear(): void;
}

export function createDraft() {
  return createStore<DraftState>()((set) => ({
    recipient: undefined,
    amount: '',
    amountRequested: false,
    choose(recipient, amount) {
      set({ recipient, amount: amount ?? '', amountRequested: amount !== undefined });
    },
    type(amount) {
      set({ amount, amountRequested: false });
    },
    clear() {
      set({ recipient: undefined, amount: '', amountRequested: false });
    },
  }));
}
