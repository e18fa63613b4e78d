import { createStore } from 'zustand/vanilla';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'evidence' | 'problem';
}

export interface NoticesState {
  readonly toasts: readonly Toast[];
  /** What a screen reader says next without interrupting; the number makes a repeated text a new one. */
  readonly polite: { readonly text: string; readonly count: number };
  toast(text: string, tone?: Toast['tone']): void;
  dismiss(id: number): void;
  say(text: string): void;
}

const TOAST_MS = 4_000;
const MOST_TOASTS = 3;

export function createNotices() {
  let lastId = 0;
  return createStore<NoticesState>()((set) => ({
    toasts: [],
    polite: { text: '', count: 0 },
    toast(text, tone = 'plain') {
      const id = ++lastId;
      set((state) => ({
        toasts: [...state.toasts, { id, text, tone }].slice(-MOST_TOASTS),
        polite: { text, count: state.polite.count + 1 },
      }));
      setTimeout(
        () => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
        tone === 'problem' ? 2 * TOAST_MS : TOAST_MS,
      );
    },
    dismiss(id) {
      set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
    },
    say(text) {
      set((state) => ({ polite: { text, count: state.polite.count + 1 } }));
    },
  }));
}
