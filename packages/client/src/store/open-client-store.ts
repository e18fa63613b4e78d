import type { ClientStore } from './client-store.ts';
import { createClientStore } from './create-client-store.ts';
import { createIndexedDbRows, deleteIndexedDbRows, type IndexedDbOptions } from './indexeddb-rows.ts';
import { createMemoryRows } from './memory-rows.ts';

/** A wallet's store in the browser's IndexedDB. The database is opened when it is first used. */
export function openClientStore(options: IndexedDbOptions): ClientStore {
  return createClientStore(createIndexedDbRows(options));
}

/** Deletes the store and everything in it, the journal of open payments included. */
export function deleteClientStore(options: IndexedDbOptions): Promise<void> {
  return deleteIndexedDbRows(options);
}

/** A store that ends with the process. */
export function createMemoryStore(): ClientStore {
  return createClientStore(createMemoryRows().connect());
}
