/** Every bound of this package; all of them only trade memory for speed. */
export const cryptoLimits = {
  /** Voting keys whose point was checked; a committee has at most 128. */
  checkedVotingKeys: 512,
  /** Imported P-256 keys of payers. */
  importedPayerKeys: 1_024,
  /** Addresses of recovered secp256k1 keys. */
  knownAddresses: 4_096,
  /** Committee signatures known to be good: about 300 bytes each. */
  verifiedSignatures: 16_384,
  /** Orders known to be good: about 300 bytes each, 2.5 kB at most. */
  verifiedOrders: 4_096,
} as const;
