export {
  type DepositRequest,
  estimateDepositCost,
  sendDeposit,
  signDeposit,
} from './deposit.ts';
export { TempoError, type TempoErrorCode, type TempoErrorFacts } from './errors.ts';
export { encodeCancelExit, encodeExit, encodeRequestExit } from './exit.ts';
export { createJsonRpc, type JsonRpc, type JsonRpcDependencies, type JsonRpcOptions } from './json-rpc.ts';
export { type AllowedReadMethod, allowedReadMethods } from './read-methods.ts';
export { type Receipt, type WaitOptions, waitForReceipt } from './receipt.ts';
export { encodeRelease } from './release.ts';
export { type ReserveAccount, reserveAccount } from './reserve-account.ts';
export { estimateSelfSettleCost, type SelfSettleRequest, signSelfSettle } from './self-settle.ts';
export {
  type CallsCost,
  type CallsDependencies,
  type CallsRequest,
  estimateCallsCost,
  type OwnLaneNonce,
  signCalls,
} from './sign-calls.ts';
export {
  acceptSponsored,
  type DepositForSponsor,
  type SponsoredDepositRequest,
  type SponsorTerms,
  signDepositForSponsor,
} from './sponsored-deposit.ts';
export { tokenBalance } from './tip20.ts';
export { chainIdOf, type SignedTransaction, sendTransaction, transactionCount } from './transaction.ts';
export { estimateTransferCost, signTransfer, type TransferRequest } from './transfer.ts';
