export {
  type DepositCost,
  type DepositDependencies,
  type DepositRequest,
  estimateDepositCost,
  sendDeposit,
  signDeposit,
} from './deposit.ts';
export { TempoError, type TempoErrorCode, type TempoErrorFacts } from './errors.ts';
export { createJsonRpc, type JsonRpc, type JsonRpcDependencies, type JsonRpcOptions } from './json-rpc.ts';
export { type AllowedReadMethod, allowedReadMethods } from './read-methods.ts';
export { type Receipt, type WaitOptions, waitForReceipt } from './receipt.ts';
export { tokenBalance } from './tip20.ts';
export { chainIdOf, type SignedTransaction, sendTransaction, transactionCount } from './transaction.ts';
