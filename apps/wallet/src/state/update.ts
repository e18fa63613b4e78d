import { createStore } from 'zustand/vanilla';

/** A new build that waits for the person's word. */
export interface UpdateState {
  readonly apply: (() => void) | undefined;
  offer(apply: () => void): void;
  postpone(): void;
}

export function createUpdate() {
  return createStore<UpdateState>()((set) => ({
    apply: undefined,
    offer(apply) {
      set({ apply });
    },
    postpone() {
      set({ apply: undefined });
    },
  }));
}
