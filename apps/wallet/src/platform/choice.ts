import type { AccountChoice, AccountChoiceStore, SmallStore } from './ports.ts';

const KEY = 'account';
const NONE = 'none';

/** The window's own choice, and for a fresh window the one made last anywhere. */
export function createAccountChoice(window: SmallStore, device: SmallStore): AccountChoiceStore {
  return {
    load() {
      return read(window.get(KEY) ?? device.get(KEY));
    },
    save(choice) {
      const text = choice === undefined ? NONE : JSON.stringify(choice);
      window.set(KEY, text);
      device.set(KEY, text);
    },
  };
}

function read(text: string | undefined): AccountChoice | undefined {
  if (text === undefined || text === NONE) return undefined;
  try {
    const { kind, name } = JSON.parse(text) as Record<string, unknown>;
    if (kind === 'wallet') return { kind };
    return kind === 'demo' && typeof name === 'string' ? { kind, name } : undefined;
  } catch {
    // Written by another build: choosing again is all it costs.
    return undefined;
  }
}
