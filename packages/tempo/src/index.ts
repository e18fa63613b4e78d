export * from './browser.ts';
export * from './chain.ts';
export * from './deploy.ts';
export { DEPOSIT_GAS, depositCalls, encodeDeposit } from './deposit.ts';
export { entryBytes } from './entry-bytes.ts';
export { type AwaitingFeePayer, addFeePayer, readAwaitingFeePayer } from './fee-payer.ts';
export { feeFor, maxTransactionCost, suggestMaxFeePerGas } from './fees.ts';
export * from './fund.ts';
export { reserveAbi, reserveBuild, reserveBytecode } from './gen/reserve.ts';
export { type LatestBlock, latestBlock } from './latest-block.ts';
export { tempoLimits } from './limits.ts';
export * from './networks.ts';
export * from './reserve-events.ts';
export * from './reserve-writer.ts';
export { encodeRotate, type Rotation, rotationDigest } from './rotate.ts';
export { type SendOptions, sendCalls } from './send-calls.ts';
export * from './settle.ts';
export { settleGas } from './settle-batch.ts';
export {
  type AttestedBatch,
  batchEntries,
  encodeSettle,
  encodeSettleAttested,
  type SettleBatch,
  withFewestSigners,
} from './settle-calldata.ts';
export { createTempoChain, type TempoChainOptions } from './tempo-chain.ts';
export { createTempoReserveWriter, type TempoReserveWriterOptions } from './tempo-chain-writer.ts';
export { encodeApprove, encodeTransfer, wouldTransfer } from './tip20.ts';
export { signTransaction, type TempoCall, type TempoTransaction } from './transaction.ts';
export { type TransactionCost, transactionCost } from './transaction-cost.ts';
