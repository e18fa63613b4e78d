/** Bounds of this package that are not the protocol's. */
export const validatorLimits = {
  /** Alarms that one look returns. */
  alarms: 100,
} as const;
