/** Exit codes after sysexits.h, so that a supervisor can tell what a restart may help against. */
export const exitCodes = {
  stopped: 0,
  /** Bad flags, configuration, keys, or a reserve that is not the manifest's: a restart does not help. */
  configuration: 64,
  /** The port or the store is taken: try again later. */
  unavailable: 69,
  /** A broken invariant: the store failed, or an error that nothing expected. */
  brokenInvariant: 70,
  /** Stopped by a second signal before everything was finished. */
  forced: 130,
} as const;
