import {
  checkPhrase,
  createPhrase,
  createQuiz,
  type DeriveKey,
  deriveAccount,
  type Phrase,
  phraseEntropy,
  phraseFromEntropy,
  SealError,
  seal,
  suggestWords,
  unseal,
} from '@fastpay/vault';
import { removeMarker, saveMarker } from './marker.ts';
import type { SmallStore, VaultPort } from './ports.ts';
import type { VaultStore } from './vaultStore.ts';

const LABEL = 'phrase';

export interface VaultDependencies {
  readonly store: VaultStore;
  readonly small: SmallStore;
  readonly deriveKey: DeriveKey;
}

/** The vault apart from its marker, which is needed before any of this is loaded. */
export type LoadedVault = Omit<VaultPort, 'marker' | 'forgetMarker'>;

/** Keys at rest: sealed with the password, read back and tried before anyone relies on them. */
export function createVaultPort({ store, small, deriveKey }: VaultDependencies): LoadedVault {
  async function openSealed(password: string): Promise<Phrase> {
    const entropy = await unseal(await store.load(), password, { deriveKey });
    try {
      return await phraseFromEntropy(entropy);
    } finally {
      entropy.fill(0);
    }
  }

  return {
    async exists() {
      return (await store.load()) !== undefined;
    },
    newPhrase: () => createPhrase(),
    quiz: (phrase) => createQuiz(phrase),
    checkPhrase,
    suggest: (word) => suggestWords(word),

    async create(phrase, password) {
      const signer = await deriveAccount(phrase);
      const entropy = await phraseEntropy(phrase);
      const record = await seal(entropy, { password, label: LABEL }, { deriveKey });
      entropy.fill(0);
      await store.save(record);
      // `seal` has opened the record again; what is stored has to be that very record.
      if (JSON.stringify(await store.load()) !== JSON.stringify(record)) throw new SealError('SEAL_FAILED');
      saveMarker(small, { address: signer.address, createdAtMs: Date.now() });
      return signer;
    },
    async unlock(password) {
      return await deriveAccount(await openSealed(password));
    },
    reveal: openSealed,
    async remove() {
      await store.remove();
      removeMarker(small);
    },
  };
}
