import { closeSync, fdatasync, openSync, write as writeFile } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { open } from 'lmdb';
import type { Operation } from '../src/kv.ts';
import { openLmdbKv } from '../src/lmdb.ts';

/** Something that makes batches durable in an empty directory. */
export interface Contender {
  readonly name: string;
  open(directory: string): Promise<{ write(batch: readonly Operation[]): Promise<void>; close(): Promise<void> }>;
}

/** The ceiling: bytes appended to one file, groups of what came during the last fdatasync. Cannot be read back. */
export const rawLog: Contender = {
  name: 'raw log, group fdatasync',
  open(directory) {
    const file = openSync(join(directory, 'log'), 'w');
    const append = promisify(writeFile);
    const sync = promisify(fdatasync);
    let waiting: { readonly bytes: Uint8Array; resolve(): void; reject(error: unknown): void }[] = [];
    let isBusy = false;
    async function flush(): Promise<void> {
      if (isBusy || waiting.length === 0) return;
      isBusy = true;
      const group = waiting;
      waiting = [];
      try {
        const bytes = Buffer.concat(group.map((entry) => entry.bytes));
        const { bytesWritten } = await append(file, bytes, 0, bytes.length, null);
        if (bytesWritten !== bytes.length) throw new Error('a short write');
        await sync(file);
        for (const entry of group) entry.resolve();
      } catch (error) {
        for (const entry of group) entry.reject(error);
      }
      isBusy = false;
      void flush();
    }
    return Promise.resolve({
      write: (batch) =>
        new Promise<void>((resolve, reject) => {
          const parts = batch.flatMap((operation) =>
            operation.type === 'put' ? [operation.key, operation.value] : [operation.key],
          );
          waiting.push({ bytes: Buffer.concat(parts), resolve, reject });
          setImmediate(flush);
        }),
      close: () => Promise.resolve(closeSync(file)),
    });
  },
};

/** What this package ships. */
export const groupCommit: Contender = {
  name: 'overlay over group commits',
  open: (directory) => openLmdbKv({ directory }),
};

/** The design that was not taken: a synchronous LMDB transaction, durable when it returns. */
export const transactionSync: Contender = {
  name: 'transactionSync',
  open(path) {
    const database = open<Uint8Array, Uint8Array>({ path, noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });
    return Promise.resolve({
      write(batch) {
        database.transactionSync(() => {
          for (const operation of batch) {
            if (operation.type === 'put') void database.put(operation.key, operation.value);
            else void database.remove(operation.key);
          }
        });
        // Gives the event loop its turn, as a server must.
        return new Promise((resolve) => setImmediate(resolve));
      },
      close: () => database.close(),
    });
  },
};
