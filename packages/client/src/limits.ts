/** Every bound of the wallet's client. Those of the protocol are in its own `limits.ts`. */
export const clientLimits = {
  /** Items of one page read from the store. */
  page: 1_000,
  /** Open orders that one account can have in the journal: one of its own, the others of other devices. */
  openOrders: 16,
  /** Events taken from one attempt to pay; four per validator happen, the rest is noise. */
  eventsPerValidator: 16,
  /** What an order gets that is signed while no quorum answers; validators take up to a day. */
  waitingOrderLifeSeconds: 43_200n,
  /** An attempt without a newly verified signature ends after this. */
  attemptIdleMs: 20_000,
  /** After the certificate is here, how long to let the relay finish its own work. */
  relayGraceMs: 2_000,
  /** Higher rounds run by one attempt to end a slot. */
  roundAttempts: 24,
  /** Rounds are tried 1, 2, 4, … and from here on by this much, so that lies about them cannot use them all up. */
  roundStep: 65_536,
  /** Waiting for another tab to finish signing. */
  signingLockMs: 20_000,
  /** Own certificates attached so that a validator that missed the last payments catches up. */
  attachedPredecessors: 8,
  /** Certificates handed to lagging validators at a time. */
  deliveredOwn: 64,
  deliveredReceived: 16,
  deliveriesInFlight: 4,
  /** While a quorum does not agree, lagging validators are brought up to date at most this often. */
  healEveryMs: 5_000,
  /** Pages of one validator's log taken in by one sync. */
  syncPages: 1_000,
  /** Each validator's log is begun anew after this: where it was left off is only the relay's word. */
  logRescanMs: 86_400_000,
  /** How often at most the balance is held against what was received, and all logs are begun anew for what lacks. */
  missingEveryMs: 600_000,
  /** Lines of the activity read at a time for that. */
  missingLines: 100,
  /** Received payments whose funding closure one sync fetches; the others are fetched when asked for. */
  closuresPerSync: 16,
  /** Pieces of evidence verified at a time. */
  evidence: 128,
  /** The longest answer of a relay that is read, streams included: one that reaches it is begun anew. */
  answerBytes: 8 * 1024 * 1024,
  /** A live stream without even a keep-alive is taken for dead after this. */
  followIdleMs: 60_000,
  /** Backoff between attempts to reach the relay. */
  backoffFirstMs: 500,
  backoffMostMs: 30_000,
  /** Text of a payment request or link. */
  requestLength: 1_024,
  /** Certificates of one receipt. */
  receiptCertificates: 64,
  /** Text of a receipt: room for that many certificates of the largest kind. */
  receiptLength: 1_100_000,
} as const;
