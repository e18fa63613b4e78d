/** Bounds of the HTTP layer that nobody needs to tune. */
export const serverLimits = {
  headerBytes: 16_384,
  headerCount: 100,
  /** From the first byte of a connection, or of a request, to the end of its headers. */
  headersTimeoutMs: 10_000,
  /** From the first byte of a request to the last of its body. */
  requestTimeoutMs: 20_000,
  /** How often time-outs are looked for. */
  timeoutCheckMs: 1_000,
  /** A connection without requests is closed after this. */
  idleTimeoutMs: 75_000,
  streamsPerConnection: 512,
  /** What one HTTP/2 connection may make Node hold. */
  sessionMegabytes: 4,
  /** From the headers of a unary request to the last byte of its answer. */
  answerTimeoutMs: 60_000,
};

export type ServerLimits = Readonly<typeof serverLimits>;
