import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'owner.lock';
const SQLITE_BUSY = 5;

/** Another process, or another part of this one, has the store open. */
export class StoreLockedError extends Error {
  override readonly name = 'StoreLockedError';
  readonly directory: string;

  constructor(directory: string, options: ErrorOptions) {
    super(`the store in ${directory} is open in another process; stop that one first`, options);
    this.directory = directory;
  }
}

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for one owner. Node has no file locks of its own, but its SQLite has: an exclusive transaction on
 * an empty database holds the system's advisory lock on the file. The kernel gives it back however the process ends,
 * so SIGKILL leaves nothing behind that a restart would have to judge; and it holds between containers that share the
 * directory, where process ids and socket names would not.
 * @throws StoreLockedError while it is held.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const database = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
      throw new StoreLockedError(directory, { cause: error });
    throw error;
  }
  return { release: () => database.close() };
}
