import { limits as protocolLimits } from '@fastpay/protocol';

/** Every bound of the relay in one place (§14); what an operator may want to change is in the configuration instead. */
export const relayLimits = {
  /** One unary call to a validator. */
  callTimeoutMs: 5_000,
  /** A payment that has no commit certificate by then is reported as stalled. */
  paymentTimeoutMs: 15_000,
  /** Once no quorum can stand, how long the others get to say why. */
  stallGraceMs: 300,
  /** Once a quorum promised, how long the others get. */
  promiseGraceMs: 150,
  /** Pieces of evidence read from each validator. */
  evidence: 64,
  /** Calls to one validator at a time, and calls that wait for a place. */
  callsInFlight: 256,
  callsWaiting: 2_048,
  /** Answers from a validator: a bulletin page is the largest. */
  answerBytes: 8 * 1024 * 1024,
  /** Once a quorum answered a read, how long the others get. */
  readGraceMs: 150,
  readTimeoutMs: 2_000,
  /** Signed requests that are recognised when they come again, so that a replay does not count against their signer. */
  countedRequests: 20_000,
  /** Payments being driven at the same time. */
  runs: 2_000,
  /** Payments; one with both certificates of three signers is about 1 kB encoded and 4.6 kB in memory. */
  cacheEntries: 10_000,
  /** Encoded. */
  cacheBytes: 16 * 1024 * 1024,
  /** Certificates waiting for one validator, and how many are handed over at once. */
  delivery: { queue: 10_000, batch: 32, backoffMs: { first: 100, longest: 5_000 } },
  /** Pages of a peer's bulletin that are read to find the certificates that a validator lacks. */
  supplyPages: 10,
  supplyCertificates: Number(protocolLimits.resolveWindowSlots),
  /** Every certificate of a page is verified before it is passed on. */
  bulletinPage: 250,
  healthIntervalMs: 2_000,
  healthTimeoutMs: 1_500,
  /** Validators send a keep-alive more often than `silenceMs`; a silent stream is opened anew. */
  watch: { backoffMs: { first: 100, longest: 5_000 }, silenceMs: 60_000 },
  watchers: 2_000,
  watchersPerClient: 32,
  /** Events that one watcher may lag behind before it is cut. */
  watcherBuffer: 512,
  keepAliveMs: 15_000,
  /** Events whose repetition by further validators is recognised. */
  rememberedEvents: 20_000,
  sponsor: {
    /** Requests that are looked at together, and that wait for their turn. */
    running: 8,
    waiting: 64,
    /** Deposits that were signed for and are in no block yet. */
    grants: 1_000,
    /** Accounts, or network addresses, whose deposits of a day are counted. */
    keys: 10_000,
    offerMaxAgeMs: 2_000,
    lookIntervalMs: 2_000,
  },
  tempoTimeoutMs: 5_000,
  tempoInFlight: 64,
  /** Gas of an `eth_call`: what the reserve's and the tokens' views take, after what Tempo counts for a new sender. */
  tempoCallGas: 500_000,
  chainHeadMaxAgeMs: 250,
  connections: 10_000,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  /** From the answer to a request that was not read to its end, to the end of its connection. */
  lingerMs: 500,
  /** While stopping: how often idle connections are closed, and how long the others get. */
  sweepMs: 20,
  drainMs: 5_000,
} as const;
