/** The store was made for something else. Nobody may sign until the right store is in place. */
export class StoreMismatchError extends Error {
  override readonly name = 'StoreMismatchError';
}

/**
 * This store belongs to another chain than the one that is shown to it, or the chain's view has a hole: a finalized
 * block that contradicts one taken in before, or a deposit that is missing. The ledger stays as it was.
 */
export class ChainMismatchError extends Error {
  override readonly name = 'ChainMismatchError';
}

/** The store holds what no version of this code has written. */
export class StoreCorruptionError extends Error {
  override readonly name = 'StoreCorruptionError';
}
