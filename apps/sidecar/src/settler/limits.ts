/** Every bound of the settler in one place. */
export const settlerLimits = {
  /** Outbox items looked at for one batch. Payments behind them wait, SKIPs do not hold them up for ever. */
  scannedItems: 1_500,
  /** Of these, most read at once. */
  outboxPage: 500,
  /** Between two looks at the outbox while it is another validator's turn. */
  idleScanMs: 5_000,
  /** Between two looks at what there is to pay gas with while nothing is settled. */
  idleFundsMs: 30_000,
  /** Batches of this validator that no block was seen with yet. */
  batchesInFlight: 8,
  /** Seconds of chain time for which one validator settles before it is the next one's turn. */
  turnSeconds: 8n,
  /** At the end of a turn nothing is sent any more, so that the next validator sees it in a block first. */
  quietSeconds: 1n,
  /** A latest block older than this shows nothing of the present: the node stands still. */
  staleHeadMs: 30_000,
  /** For one peer's attestation of one batch. */
  attestTimeoutMs: 3_000,
  /** Certificates that one peer is handed at once before it is asked again. */
  handOversAtOnce: 16,
  /** With fewer entries the attestation costs more gas than the commits of each. */
  attestedEntries: 3,
  /** How long an entry that was passed over waits before it is tried again: at first, and at most. */
  retryMs: 1_000,
  maxRetryMs: 60_000,
  /** Passed over entries that are remembered. */
  passedOver: 10_000,
  /** How long payments whose fees do not pay for the gas wait for a better price. */
  patienceMs: 60_000,
  /** Exiting accounts looked at. */
  exitingAccounts: 1_000,
} as const;
