/**
 * A few bytes kept apart from the database, that tell whether the database is still the newest one (docs/adr/011). A
 * store that was lost, or put back from a backup, is behind its marker. Adapters MUST pass the contract suite.
 */
export interface Marker {
  /** What the last write left, or what was durable when the marker was opened; undefined when nothing was ever written. */
  read(): MarkerState | undefined;

  /**
   * Replaces the whole state; nothing is merged or compared. The promise MUST resolve only when the state survives a
   * power cut; a crash before that leaves either state, never a mixture, and MUST NOT lose a state whose write had
   * resolved. Calls do not overlap: the caller waits for one before the next. A rejection means that the marker is
   * broken: the process MUST NOT go on with it.
   */
  write(state: MarkerState): Promise<void>;
}

export interface MarkerState {
  /** Identity of the store that the marker stands for, 16 bytes. */
  readonly storeId: Uint8Array;
  /** How much that store held at least: a number that only grows, below 2^64. */
  readonly count: bigint;
  /** Nothing may rest on this store or any other under the same keys any more. */
  readonly isRetired: boolean;
}
