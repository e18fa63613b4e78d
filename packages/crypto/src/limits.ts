/** Every bound of this package; all of them only trade memory for speed. */
export const cryptoLimits = {
  /** Voting keys whose point was checked; a committee has at most 128. */
  checkedVotingKeys: 512,
  /** Imported P-256 keys of payers. */
  importedPayerKeys: 1_024,
  /** Signatures known to be good, so that one that comes again costs nothing. */
  verifiedSignatures: 16_384,
} as const;
