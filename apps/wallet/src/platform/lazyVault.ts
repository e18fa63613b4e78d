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
    async kind() {
      const { createVaultStore, vaultKind } = await import('./vaultStore.ts');
      return vaultKind(createVaultStore());
    },
    createKey: async (kind) => (await load()).createKey(kind),
    openKey: async () => (await load()).openKey(),
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
  const [{ createVaultPort }, { createVaultStore }, { deriveKeyInWorker }, { browserPasskeys }] = await Promise.all([
    import('./vault.ts'),
    import('./vaultStore.ts'),
    import('./kdf.ts'),
    import('./passkeys.ts'),
  ]);
  return createVaultPort({
    store: createVaultStore(),
    small,
    deriveKey: deriveKeyInWorker,
    passkeys: browserPasskeys,
    subtle: crypto.subtle,
  });
}
