import { createPortableEngine, type PayerSigner, verifyPayerSignature } from '@fastpay/crypto';
import { hashFromBytes } from '@fastpay/protocol';
import {
  checkPhrase,
  createDeviceKey,
  createPhrase,
  createQuiz,
  type DeriveKey,
  deriveAccount,
  deviceSigner,
  type Phrase,
  passkeySigner,
  phraseEntropy,
  phraseFromEntropy,
  SealError,
  seal,
  suggestWords,
  unseal,
} from '@fastpay/vault';
import { removeMarker, saveMarker } from './marker.ts';
import type { Passkeys } from './passkeys.ts';
import type { KeySource, SmallStore, VaultPort } from './ports.ts';
import { isKeyRecord, type KeyRecord, type VaultStore } from './vaultStore.ts';

const LABEL = 'phrase';

export interface VaultDependencies {
  readonly store: VaultStore;
  readonly small: SmallStore;
  readonly deriveKey: DeriveKey;
  readonly passkeys: Passkeys;
  readonly subtle: SubtleCrypto;
}

/** The vault apart from what is asked of it before any of this is loaded. */
export type LoadedVault = Omit<VaultPort, 'kind' | 'marker' | 'forgetMarker'>;

/** Keys at rest: sealed with the password, read back and tried before anyone relies on them. */
export function createVaultPort({ store, small, deriveKey, passkeys, subtle }: VaultDependencies): LoadedVault {
  async function openSealed(password: string): Promise<Phrase> {
    const entropy = await unseal(await store.load(), password, { deriveKey });
    try {
      return await phraseFromEntropy(entropy);
    } finally {
      entropy.fill(0);
    }
  }

  function signerOf(record: KeyRecord): PayerSigner | Promise<PayerSigner> {
    return record.kind === 'passkey' ? passkeySigner(record, passkeys.ask) : deviceSigner(record.keys, subtle);
  }

  async function makeKey(source: KeySource): Promise<KeyRecord> {
    switch (source) {
      case 'newPasskey':
        return { kind: 'passkey', ...(await passkeys.create()) };
      case 'knownPasskey':
        return { kind: 'passkey', ...(await passkeys.find()) };
      case 'device':
        return { kind: 'device', keys: await createDeviceKey(subtle) };
    }
  }

  async function openKey(): Promise<PayerSigner> {
    const record = await store.load();
    if (!isKeyRecord(record)) throw new Error('this wallet opens with its password');
    return await signerOf(record);
  }

  return {
    openKey,
    async createKey(source) {
      const record = await makeKey(source);
      await store.save(record);
      // Browsers differ in what they can store of a key: an address is shown only once what was read back has signed.
      const signer = await openKey();
      const digest = hashFromBytes(crypto.getRandomValues(new Uint8Array(32)));
      const signature = await signer.sign(digest);
      if (!(await verifyPayerSignature(createPortableEngine(), digest, signature, signer.address))) {
        await store.remove();
        throw new SealError('SEAL_FAILED');
      }
      saveMarker(small, { address: signer.address, createdAtMs: Date.now(), kind: record.kind });
      return signer;
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
      saveMarker(small, { address: signer.address, createdAtMs: Date.now(), kind: 'phrase' });
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
