/** Bounds of what peers are asked for, and of what they can cost (§9, §14). */
export const peerLimits = {
  callTimeoutMs: 10_000,
  /** Largest answer taken in: a page is half of this, and one certificate more. */
  answerBytes: 2_097_152,
  /** Certificates of a page that are verified side by side: fewer than the window, since they may be of one account. */
  certificatesAtOnce: 48,
  /** Predecessors fetched by number at once, and in all for one certificate. */
  predecessorsAtOnce: 16,
  predecessors: 10_000,
  /** Between two pages that held nothing new: whoever repeats itself shall not keep this process busy. */
  repeatPauseMs: 100,
  /** Waits after a failure grow from the first to the last. */
  firstBackoffMs: 500,
  lastBackoffMs: 10_000,
  /** Pieces of evidence taken from one peer in one look. */
  evidence: 100,
  /** How often evidence is asked for. */
  evidenceIntervalMs: 15_000,
  /**
   * How often slots of exiting accounts, and payments that were left halfway, are looked for; and of how many it is
   * remembered how often they were tried.
   */
  duties: { intervalMs: 2_000, atOnce: 8, exiting: 256, staleLocks: 256, attemptsKept: 16_384 },
} as const;
