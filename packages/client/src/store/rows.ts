/**
 * The little that the client store needs of a database: rows under string keys, and transactions over them.
 * Adapters: memory and IndexedDB.
 */
export interface RowDatabase {
  /**
   * Runs `action` on a consistent view and, in `write` mode, applies all of its writes or, when it throws, none.
   * Write transactions MUST run one after another, over all connections to the same database, and MUST be durable
   * when the promise resolves. `action` MUST await nothing but the methods of its transaction: IndexedDB commits a
   * transaction that is left alone.
   */
  transaction<Result>(mode: 'read' | 'write', action: (rows: RowTransaction) => Promise<Result>): Promise<Result>;

  close(): Promise<void>;
}

export interface RowTransaction {
  get(key: string): Promise<unknown>;
  /** Rows with `from` ≤ key < `to` in ascending order of key, at most `limit`. */
  range(range: { readonly from: string; readonly to: string; readonly limit: number }): Promise<readonly unknown[]>;
  /** Later reads of the transaction see it. Values are structured-cloned. */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}
