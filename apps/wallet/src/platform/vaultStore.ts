import type { PasskeyRecord, SealedRecord } from '@fastpay/vault';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { VaultKind } from './ports.ts';

/** A wallet whose key this program never holds: in an authenticator, or in the browser. */
export type KeyRecord =
  | ({ readonly kind: 'passkey' } & PasskeyRecord)
  | { readonly kind: 'device'; readonly keys: CryptoKeyPair };

export type VaultRecord = SealedRecord | KeyRecord;

export function isKeyRecord(record: unknown): record is KeyRecord {
  return typeof record === 'object' && record !== null && 'kind' in record;
}

/** What kind of wallet this device has, if any: told without loading what opens it. */
export async function vaultKind(store: Pick<VaultStore, 'load'>): Promise<VaultKind | undefined> {
  const record = await store.load();
  if (record === undefined) return undefined;
  return isKeyRecord(record) ? record.kind : 'phrase';
}

interface VaultDatabase extends DBSchema {
  vault: { key: string; value: VaultRecord };
}

const DATABASE = 'fastpay-vault';
const VERSION = 1;
const RECORD = 'wallet';

/** The one wallet of this device. Kept apart from history, so that nothing that clears history can reach it. */
export interface VaultStore {
  load(): Promise<unknown>;
  /** Resolves once the write is flushed. */
  save(record: VaultRecord): Promise<void>;
  remove(): Promise<void>;
}

export function createVaultStore(): VaultStore {
  /** A handle a transaction: browsers drop idle ones in the background, and this is used once in minutes. */
  async function using<Result>(action: (database: IDBPDatabase<VaultDatabase>) => Promise<Result>): Promise<Result> {
    const database = await openDB<VaultDatabase>(DATABASE, VERSION, {
      upgrade(fresh) {
        fresh.createObjectStore('vault');
      },
    });
    try {
      return await action(database);
    } finally {
      database.close();
    }
  }
  return {
    load: () => using((database) => database.get('vault', RECORD)),
    save: (record) =>
      using(async (database) => {
        const write = database.transaction('vault', 'readwrite', { durability: 'strict' });
        await write.store.put(record, RECORD);
        await write.done;
      }),
    remove: () => using((database) => database.delete('vault', RECORD)),
  };
}
