/** For programs that bring a database of their own: the store over any `RowDatabase`. */
export { createClientStore } from './store/create-client-store.ts';
export type { RowDatabase, RowTransaction } from './store/rows.ts';
