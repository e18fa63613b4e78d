/** Every bound of a run, in virtual milliseconds where it says so. */
export const simulatorLimits = {
  /** A question to a validator or relay that is not answered by then is taken for lost. */
  callTimeoutMs: 5_000,
  /** A payment that a relay has not completed by then is reported as stalled. */
  paymentTimeoutMs: 15_000,
  /** Once no quorum can stand, how long a relay lets the others say why. */
  stallGraceMs: 300,
  /** Once a quorum promised, how long a relay lets the others. */
  promiseGraceMs: 150,
  /** How long a relay waits for all statements. */
  readTimeoutMs: 2_000,
  /** How often a relay tries to hand a certificate to a validator that does not answer. */
  deliveries: 3,
  deliveryPauseMs: 1_500,
  /** Certificates on one page that a validator asks a peer for. */
  syncPage: 50,
  /** From one look of a validator at its peers to the next. */
  syncEveryMs: 6_000,
  /**
   * From one look at the chain to the next, while there are faults and afterwards. The former is the time of a block:
   * who looks less often hardly ever sees a settlement in a block that is abandoned later.
   */
  blocksEveryMs: 2_500,
  calmBlocksEveryMs: 20_000,
  /** For how long in turn each validator settles. */
  settlerTurnMs: 10_000,
  /** After the end of all faults, everything has to have an end within this time. */
  settleMs: 1_800_000,
  /** A run that takes more steps than this goes round in circles. */
  steps: 60_000,
} as const;
