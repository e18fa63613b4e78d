/** Every bound of this package in one place. */
export const tempoLimits = {
  /** One JSON-RPC call, from sending to the last byte of the answer. */
  requestTimeoutMs: 10_000,
  /** Body of one JSON-RPC answer. A page of logs of full blocks stays far below. */
  answerBytes: 32 * 1024 * 1024,
  /** Blocks of one `eth_getLogs`. */
  logRangeBlocks: 1_000n,
  /** Blocks that one call of `deposits` or `settlements` covers. */
  queryRangeBlocks: 100_000n,
  /** How long `waitForReceipt` looks for a transaction. */
  receiptTimeoutMs: 30_000,
  receiptPollMs: 100,
  /** What a wallet or settler offers at least for gas; the base fee of Tempo is below. In wei. */
  minMaxFeePerGas: 20_000_000_000n,
  /** What Tempo grants one transaction of the general lane, with room for the differences that tell ours apart. */
  transactionGas: 29_990_000n,
  /** How long a deposit that was signed for a sponsor can be included, whatever the sponsor wants. */
  sponsoredLifeSeconds: 7_200n,
  /** Bytes of one signed transaction that pools take. */
  transactionBytes: 128 * 1024,
  /** A base fee above this is a node that lies or a chain out of control. In wei. */
  maxBaseFeePerGas: 1_000_000_000_000n,
} as const;
