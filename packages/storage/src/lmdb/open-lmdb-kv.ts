import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb';
import { type Backend, createGroupCommitKv } from '../group-commit.ts';
import type { Entry, Kv } from '../kv.ts';
import type { Change } from '../pending-group.ts';
import { lockDirectory } from './directory-lock.ts';

export interface LmdbOptions {
  /** Made when it does not exist, readable by its owner only. Nothing else may keep files in it. */
  readonly directory: string;
}

/**
 * A durable Kv in a directory (docs/adr/004-storage.md). Batches of one turn of the event loop, and those that come
 * while the disk is busy, share one LMDB transaction: data pages, fdatasync, then the synchronous root page.
 * @throws StoreLockedError while the directory is open elsewhere.
 */
export function openLmdbKv({ directory }: LmdbOptions): Promise<Kv> {
  return new Promise((settle) => settle(openNow(resolve(directory))));
}

function openNow(directory: string): Kv {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  try {
    const database = openDatabase(directory);
    // LMDB syncs what is in its files, nobody but us that the files are in the directory.
    syncDirectory(directory);
    syncDirectory(dirname(directory));
    const backend = createLmdbBackend(database, { onClosed: lock.release });
    return createGroupCommitKv(backend, { schedule: setImmediate });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openDatabase(directory: string): RootDatabase<Uint8Array, Uint8Array> {
  const options: RootDatabaseOptionsWithPath & { readonly permissionsMode: number } = {
    path: directory,
    // Also when the name looks like that of a file.
    noSubdir: false,
    permissionsMode: 0o600,
    encoding: 'binary',
    keyEncoding: 'binary',
    // The promise of a commit then means LMDB's own order: pages, fdatasync, root page with O_DSYNC.
    overlappingSync: false,
    // We make the groups; a second delay would only add to their latency.
    eventTurnBatching: false,
  };
  return open<Uint8Array, Uint8Array>(options);
}

function createLmdbBackend(
  database: RootDatabase<Uint8Array, Uint8Array>,
  { onClosed }: { readonly onClosed: () => void },
): Backend {
  let broken = false;

  function* range(start: Uint8Array, end: Uint8Array, reverse: boolean): Iterable<Entry> {
    const options = reverse
      ? { start: end, exclusiveStart: true, end: start, inclusiveEnd: true, reverse: true }
      : { start, end };
    for (const { key, value } of database.getRange(options)) yield [plain(key), plain(value)];
  }

  return {
    get(key) {
      const value: Uint8Array | undefined = database.getBinary(key);
      return value && plain(value);
    },
    range: ({ start, end, reverse = false }) => range(start.length === 0 ? LOWEST_KEY : start, end, reverse),
    async commit(changes: Iterable<Change>) {
      try {
        await database.batch(() => {
          for (const { key, value } of changes) {
            if (value) void database.put(key, value);
            else void database.remove(key);
          }
        });
      } catch (error) {
        broken = true;
        throw await causeOf(error);
      }
      // Reads must not stay with the snapshot from before.
      database.resetReadTxn();
    },
    async close() {
      try {
        // After a failed commit LMDB would wait for a flush that never comes.
        if (!broken) await database.close();
      } finally {
        onClosed();
      }
    },
  };
}

/** A Buffer's `slice` shares its memory, a Uint8Array's copies: whoever reads a Kv must not have to know which it got. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** No key is shorter: LMDB takes no empty one. */
const LOWEST_KEY = Uint8Array.of(0);

/** lmdb-js hides the system's error behind a promise that rejects with it. */
async function causeOf(error: unknown): Promise<unknown> {
  const hidden = (error as { commitError?: Promise<unknown> }).commitError;
  try {
    await hidden;
  } catch (cause) {
    return cause;
  }
  return error;
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
