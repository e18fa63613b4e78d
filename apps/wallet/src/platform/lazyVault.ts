import { readMarker, removeMarker } from './marker.ts';
import type { SmallStore, VaultPort } from './ports.ts';
import type { LoadedVault } from './vault.ts';

/** The vault with everything heavy left out until it is needed: sealing, the word list, key derivation. */
export function createLazyVault(small: SmallStore): VaultPort {
  let loading: Promise<LoadedVault> | undefined;
  const load = () => {
    loading ??= loadVault(small);
    return loading;
  };
  return {
    exists: async () => (await load()).exists(),
    marker: () => readMarker(small),
    forgetMarker: () => removeMarker(small),
    newPhrase: async () => (await load()).newPhrase(),
    quiz: async (phrase) => (await load()).quiz(phrase),
    checkPhrase: async (text) => (await load()).checkPhrase(text),
    suggest: async (word) => (await load()).suggest(word),
    create: async (phrase, password) => (await load()).create(phrase, password),
    unlock: async (password) => (await load()).unlock(password),
    reveal: async (password) => (await load()).reveal(password),
    remove: async () => (await load()).remove(),
  };
}

async function loadVault(small: SmallStore): Promise<LoadedVault> {
  const [{ createVaultPort }, { createVaultStore }, { deriveKeyInWorker }] = await Promise.all([
    import('./vault.ts'),
    import('./vaultStore.ts'),
    import('./kdf.ts'),
  ]);
  return createVaultPort({ store: createVaultStore(), small, deriveKey: deriveKeyInWorker });
}
