/** Every bound of the protocol in one place (§14). Changing one is a protocol change. */
export const limits = {
  /** Serialized order with its payer signature. */
  orderBytes: 4_096,
  /** Any request body to a sidecar or relay. */
  requestBytes: 262_144,
  /** Commit certificates attached to one request. */
  attachments: 16,
  /** Transaction hashes that one order may name as its funding. */
  parents: 8,
  /** How far above `next` a commit certificate is taken in (§5 rule 3). */
  resolveWindowSlots: 64n,
  /** Longest time ahead that `validUntil` may lie. */
  maxOrderLifeSeconds: 86_400n,
  /** What the wallet asks for. */
  defaultOrderLifeSeconds: 600n,
  /** Longest payer signature: WebAuthn (TIP-1020). */
  payerSignatureBytes: 2_049,
  committeeSize: 128,
  validatorNameBytes: 32,
  bulletinPage: 1_000,
  /** The highest round: rounds are below 2^32. */
  maxRound: 0xffff_ffff,
  /** Rounds from here on are opened by validators only, to close the slots of an account that exits (§5 rule 6). */
  firstExitRound: 0x8000_0000,
  /** Rounds that an owner may open for one account within a day, at one validator. */
  roundsPerDay: 64,
  /** For how long in turn each validator drives the rounds of exiting accounts (§5 rule 6). */
  driverTurnSeconds: 16n,
  /** Slots in one batch attestation. */
  batchEntries: 500,
  /** Certificates in one funding closure (§6). */
  closureCertificates: 256,
  /** Certificates on one page of ListCertificates (§9). */
  certificatePage: 200,
  /** A deposit that a sponsor is asked to pay for: a batch of two calls and the longest payer signature (§8). */
  sponsoredTransactionBytes: 4_096,
  /** UTF-16 units of a sponsor's name. */
  sponsorNameLength: 40,
} as const;
