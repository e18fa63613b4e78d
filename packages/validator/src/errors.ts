/** The store, the chain and the configuration do not belong together. Nobody may sign until that is mended. */
export class StoreMismatchError extends Error {
  override readonly name = 'StoreMismatchError';
}

/** A write was refused: what was signed and what is stored may differ, so nothing is answered any more. */
export class StoreFailureError extends Error {
  override readonly name = 'StoreFailureError';
}
