import { createStore } from 'zustand/vanilla';
import type { SmallStore } from '../platform/ports.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Minutes without use until the wallet locks; 0 never. */
export const autoLockChoices = [1, 5, 15, 60, 0] as const;

export interface Preferences {
  readonly theme: Theme;
  readonly hideBalance: boolean;
  readonly autoLockMinutes: number;
}

const KEY = 'preferences';
const defaults: Preferences = { theme: 'system', hideBalance: false, autoLockMinutes: 5 };

/** Whatever an older or newer build stored: each field is taken only if it makes sense. */
export function readPreferences(text: string | undefined): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const { theme, hideBalance, autoLockMinutes } = stored as Record<string, unknown>;
  return {
    theme: themes.find((known) => known === theme) ?? defaults.theme,
    hideBalance: hideBalance === true,
    autoLockMinutes: autoLockChoices.find((known) => known === autoLockMinutes) ?? defaults.autoLockMinutes,
  };
}

export interface PreferencesState extends Preferences {
  change(change: Partial<Preferences>): void;
}

export function createPreferences(small: SmallStore) {
  return createStore<PreferencesState>()((set, get) => ({
    ...readPreferences(small.get(KEY)),
    change(change) {
      set(change);
      const { theme, hideBalance, autoLockMinutes } = get();
      small.set(KEY, JSON.stringify({ theme, hideBalance, autoLockMinutes }));
    },
  }));
}
