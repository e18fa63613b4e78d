import type { RowDatabase, RowTransaction } from './rows.ts';

/** What several clients of one process share, as several tabs share a database. */
export interface MemoryRows {
  /** Another connection to the same rows. */
  connect(): RowDatabase;
}

/** Rows in memory: for tests, and for a wallet that must leave nothing behind. Durable as long as the process. */
export function createMemoryRows(): MemoryRows {
  const rows = new Map<string, unknown>();
  let queue: Promise<unknown> = Promise.resolve();

  async function run<Result>(action: (rows: RowTransaction) => Promise<Result>): Promise<Result> {
    const written = new Map<string, unknown>();
    const result = await action(createTransaction(rows, written));
    for (const [key, value] of written) {
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    }
    return result;
  }

  return {
    connect: () => ({
      transaction(_mode, action) {
        // One at a time, reads included: the simplest consistent view.
        const result = queue.then(() => run(action));
        queue = result.catch(() => undefined);
        return result;
      },
      close: () => Promise.resolve(),
    }),
  };
}

function createTransaction(rows: ReadonlyMap<string, unknown>, written: Map<string, unknown>): RowTransaction {
  const read = (key: string) => structuredClone(written.has(key) ? written.get(key) : rows.get(key));
  return {
    get: (key) => Promise.resolve(read(key)),
    range: ({ from, to, limit }) => {
      const inRange = [...new Set([...rows.keys(), ...written.keys()])].filter((key) => key >= from && key < to).sort();
      const values = inRange.map(read).filter((value) => value !== undefined);
      return Promise.resolve(values.slice(0, limit));
    },
    put: (key, value) => {
      written.set(key, structuredClone(value));
      return Promise.resolve();
    },
    delete: (key) => {
      written.set(key, undefined);
      return Promise.resolve();
    },
  };
}
