import type { RowDatabase, RowTransaction } from '@fastpay/client/store';

/** A wallet's database: transactions one after another, all or nothing; a crash comes before one or right after it. */
export interface FaultyRows {
  /** The database for the process that runs now. */
  connect(): RowDatabase;
  /** Write transactions that were carried out, in all lives. */
  readonly written: number;
  /** The process dies: what it still asks for never comes. */
  crash(): void;
}

export interface FaultyRowsOptions {
  /** Before and after each write transaction; whether the process dies there. */
  diesAtWrite(moment: 'before' | 'after'): boolean;
}

export function createFaultyRows({ diesAtWrite }: FaultyRowsOptions): FaultyRows {
  const rows = new Map<string, unknown>();
  let life = 0;
  let written = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function connect(): RowDatabase {
    const own = life;
    const isDead = () => own !== life;
    const never = new Promise<never>(() => undefined);

    async function run<Result>(
      mode: 'read' | 'write',
      action: (rows: RowTransaction) => Promise<Result>,
    ): Promise<Result> {
      if (isDead()) return never;
      const changes = new Map<string, unknown>();
      const result = await action(createTransaction(rows, changes));
      if (mode === 'read' || changes.size === 0) return isDead() ? never : result;
      if (isDead() || diesAtWrite('before')) return never;
      for (const [key, value] of changes) {
        if (value === undefined) rows.delete(key);
        else rows.set(key, value);
      }
      written++;
      if (diesAtWrite('after')) return never;
      return result;
    }

    return {
      transaction(mode, action) {
        if (isDead()) return never;
        const result = queue.then(() => run(mode, action));
        queue = result.then(
          () => undefined,
          () => undefined,
        );
        return result;
      },
      close: () => Promise.resolve(),
    };
  }

  return {
    connect,
    get written() {
      return written;
    },
    crash() {
      life++;
      // A transaction of the dead process must not hold up the next one.
      queue = Promise.resolve();
    },
  };
}

/** Rows are small and never changed in place by the client, so only their bytes are copied. */
function copyOf(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  if (row instanceof Uint8Array) return Uint8Array.from(row);
  if (Array.isArray(row)) return row.map(copyOf);
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, copyOf(value)]));
}

function createTransaction(rows: ReadonlyMap<string, unknown>, changes: Map<string, unknown>): RowTransaction {
  const read = (key: string) => copyOf(changes.has(key) ? changes.get(key) : rows.get(key));
  return {
    get: (key) => Promise.resolve(read(key)),
    range({ from, to, limit }) {
      const keys: string[] = [];
      for (const key of rows.keys()) if (key >= from && key < to && !changes.has(key)) keys.push(key);
      for (const [key, value] of changes) if (key >= from && key < to && value !== undefined) keys.push(key);
      return Promise.resolve(keys.sort().slice(0, limit).map(read));
    },
    put: (key, value) => {
      changes.set(key, copyOf(value));
      return Promise.resolve();
    },
    delete: (key) => {
      changes.set(key, undefined);
      return Promise.resolve();
    },
  };
}
