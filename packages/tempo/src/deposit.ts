import { type Address, type Hash, type Hex, MAX_U64, type Network, RejectError } from '@fastpay/protocol';
import { callData } from './call-data.ts';
import type { JsonRpc } from './json-rpc.ts';
import {
  type CallsCost,
  type CallsDependencies,
  estimateCallsCost,
  type OwnLaneNonce,
  signCalls,
} from './sign-calls.ts';
import { encodeApprove } from './tip20.ts';
import { type SignedTransaction, sendTransaction, type TempoCall } from './transaction.ts';

/**
 * Measured (`npm run gas`): 1,053,000 for the first deposit that a reserve ever gets, 651,000 for an account's first,
 * 253,000 later. What is not used is not paid.
 */
export const DEPOSIT_GAS = 1_500_000n;

export interface DepositRequest {
  readonly network: Pick<Network, 'domain'>;
  readonly asset: Address;
  /** Base units, above zero. */
  readonly amount: bigint;
  /** The FastPay account that gets the money; the signer's own unless given. */
  readonly account?: Address;
  /** A deposit that may still be included, and that this one takes the place of. */
  readonly inPlaceOf?: OwnLaneNonce;
}

/** What a deposit costs at most at the present base fee. A whole balance deposits as `balance - maxCost`. */
export function estimateDepositCost(rpc: JsonRpc): Promise<CallsCost> {
  return estimateCallsCost(rpc, DEPOSIT_GAS);
}

/** `deposit(asset, account, amount)` of the reserve, which pulls what was approved. */
export function encodeDeposit(asset: Address, account: Address, amount: bigint): Hex {
  return callData('deposit(address,address,uint64)', [asset, account, amount]);
}

/** Approves exactly the amount and deposits it; both or neither happen. */
export function depositCalls(reserve: Address, asset: Address, account: Address, amount: bigint): readonly TempoCall[] {
  return [
    { to: asset, data: encodeApprove(reserve, amount) },
    { to: reserve, data: encodeDeposit(asset, account, amount) },
  ];
}

/**
 * Signs the transaction that moves `amount` from the signer's Tempo account into the reserve, gas paid in the same
 * asset. Nothing is sent: store the bytes first, then `sendTransaction`.
 * @throws RejectError INVALID_FORMAT for the amount; TempoError INSUFFICIENT_FUNDS with what is missing,
 * WRONG_RESERVE when the node knows no reserve of this network; otherwise as `JsonRpc.request`.
 */
export function signDeposit(request: DepositRequest, dependencies: CallsDependencies): Promise<SignedTransaction> {
  const { network, asset, amount, account = dependencies.signer.address, inPlaceOf } = request;
  assertDepositable(amount);
  const calls = depositCalls(network.domain.reserve, asset, account, amount);
  const whole = { network, asset, calls, gas: DEPOSIT_GAS, spends: amount };
  return signCalls({ ...whole, ...(inPlaceOf && { inPlaceOf }) }, dependencies);
}

/** @throws RejectError INVALID_FORMAT unless the reserve can take the amount. */
export function assertDepositable(amount: bigint): void {
  if (amount > 0n && amount <= MAX_U64) return;
  throw new RejectError('INVALID_FORMAT', 'a deposit is above zero and in 64 bits');
}

/**
 * `signDeposit` and `sendTransaction` in one. The money is in the ledger once the block is final.
 * @throws as those two.
 */
export async function sendDeposit(
  request: DepositRequest,
  dependencies: CallsDependencies,
): Promise<{ readonly transactionHash: Hash }> {
  const signed = await signDeposit(request, dependencies);
  return { transactionHash: await sendTransaction(dependencies.rpc, signed) };
}
