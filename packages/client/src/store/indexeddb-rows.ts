import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { ClientError, StoreError } from '../errors.ts';
import type { RowDatabase, RowTransaction } from './rows.ts';

const SCHEMA_VERSION = 1;
const ROWS = 'rows';

export interface IndexedDbOptions {
  /** Of the database; one for each network, so that a new network starts with nothing. */
  readonly name: string;
  /** Called when another tab holds an older version open and this one has to wait for it. */
  readonly onBlocked?: () => void;
}

/**
 * Rows in IndexedDB. The browser may drop the connection at any time (in the background, on some phones); then it is
 * opened again, once, and the transaction is run again: it did not happen, and every one of the store's is repeatable.
 */
export function createIndexedDbRows(options: IndexedDbOptions): RowDatabase {
  let opening: Promise<IDBPDatabase> | undefined;

  function connect(): Promise<IDBPDatabase> {
    opening ??= open(options, () => {
      opening = undefined;
    }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    async transaction(mode, action) {
      try {
        return await runOn(await connect(), mode, action);
      } catch (error) {
        if (!isDroppedConnection(error)) throw toStoreError(error);
        opening = undefined;
      }
      try {
        return await runOn(await connect(), mode, action);
      } catch (error) {
        throw toStoreError(error);
      }
    },
    async close() {
      const connection = await opening?.catch(() => undefined);
      opening = undefined;
      connection?.close();
    },
  };
}

/** Deletes the database with everything in it; waits for other tabs to let go of it. */
export async function deleteIndexedDbRows({ name, onBlocked }: IndexedDbOptions): Promise<void> {
  await deleteDB(name, onBlocked ? { blocked: () => onBlocked() } : {});
}

function open({ name, onBlocked }: IndexedDbOptions, onGone: () => void): Promise<IDBPDatabase> {
  return openDB(name, SCHEMA_VERSION, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) database.createObjectStore(ROWS);
    },
    blocked: () => onBlocked?.(),
    blocking(_oldVersion, _newVersion, event) {
      // Another tab upgrades or deletes: it cannot while this connection stands, and this one is of no use after.
      onGone();
      (event.target as IDBDatabase).close();
    },
    terminated: onGone,
  });
}

async function runOn<Result>(
  database: IDBPDatabase,
  mode: 'read' | 'write',
  action: (rows: RowTransaction) => Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(ROWS, mode === 'write' ? 'readwrite' : 'readonly', { durability: 'strict' });
  // Awaited below on the good path; on the other the action's own error says more than the abort that follows it.
  const done = transaction.done.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let result: Result;
  try {
    result = await action(rowsOf(transaction as WritableTransaction));
  } catch (error) {
    abort(transaction);
    const failure = await done;
    throw failure?.error instanceof DOMException && failure.error.name === 'QuotaExceededError' ? failure.error : error;
  }
  const failure = await done;
  if (failure) throw failure.error;
  return result;
}

function abort(transaction: IDBPTransaction<unknown, [typeof ROWS], IDBTransactionMode>): void {
  try {
    transaction.abort();
  } catch (error) {
    // A failed request has ended it already.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

/** IndexedDB itself refuses writes in a transaction that was opened for reading. */
type WritableTransaction = IDBPTransaction<unknown, [typeof ROWS], 'readwrite'>;

function rowsOf({ store }: WritableTransaction): RowTransaction {
  return {
    get: (key) => store.get(key),
    range: ({ from, to, limit }) =>
      limit === 0 ? Promise.resolve([]) : store.getAll(IDBKeyRange.bound(from, to, false, true), limit),
    put: async (key, value) => {
      await store.put(value, key);
    },
    delete: (key) => store.delete(key),
  };
}

/** What browsers say when the connection, or the server behind it, has gone away. */
function isDroppedConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'AbortError', 'UnknownError'].includes(error.name);
}

function toStoreError(error: unknown): unknown {
  if (error instanceof ClientError || !(error instanceof DOMException)) return error;
  if (error.name === 'QuotaExceededError') return new StoreError('STORE_FULL', { cause: error });
  if (error.name === 'VersionError') return new StoreError('STORE_OUTDATED', { cause: error });
  return new StoreError('STORE_FAILED', { cause: error });
}
