export { StoreLockedError } from './lmdb/directory-lock.ts';
export { openLmdbKv } from './lmdb/open-lmdb-kv.ts';
