import { createStore } from 'zustand/vanilla';

/** Chromium's installation prompt, kept for a button of our own. */
export interface InstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export interface InstallState {
  readonly available: InstallPromptEvent | undefined;
  offer(event: InstallPromptEvent): void;
  install(): Promise<void>;
}

export function createInstall() {
  return createStore<InstallState>()((set, get) => ({
    available: undefined,
    offer(event) {
      set({ available: event });
    },
    async install() {
      const { available } = get();
      // A prompt can be used once; the browser sends another event when it may be asked again.
      set({ available: undefined });
      await available?.prompt();
    },
  }));
}
