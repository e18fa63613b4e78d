/** Bounds of this package that are not the protocol's. */
export const validatorLimits = {
  /** Alarms that one look returns. */
  alarms: 100,
  /** Votes kept of one open slot, over all its rounds. */
  recordedVotes: 16,
  /** Evidence kept against one validator; against all of a committee, as many times its members. */
  evidencePerSigner: 64,
  /** Locks that one look for old ones returns. */
  staleLocks: 256,
} as const;
