import type { PayerSigner } from '@fastpay/crypto';
import { type Address, type Domain, domainSeparator, type Network } from '@fastpay/protocol';
import { callData } from './call-data.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import { feeFor, maxTransactionCost, suggestMaxFeePerGas } from './fees.ts';
import type { JsonRpc } from './json-rpc.ts';
import { latestBlock } from './latest-block.ts';
import { tokenBalance } from './tip20.ts';
import { chainIdOf, type SignedTransaction, signTransaction, type TempoCall, transactionCount } from './transaction.ts';

export interface CallsRequest {
  readonly network: Pick<Network, 'domain'>;
  /** Pays for gas. */
  readonly asset: Address;
  /** All or none. */
  readonly calls: readonly TempoCall[];
  readonly gas: bigint;
  /** Base units of the asset that the calls take from the signer, beside the gas. */
  readonly spends: bigint;
  /** Takes the place of this transaction, if it can still be included: at most one of the two ever is. */
  readonly inPlaceOf?: OwnLaneNonce;
}

/** Where a transaction of the signer's own lane stands: no other one with this nonce is included beside it. */
export interface OwnLaneNonce {
  readonly nonce: bigint;
  /** Unix seconds; from then on it cannot be included. */
  readonly validBefore: bigint;
}

export interface CallsDependencies {
  readonly rpc: JsonRpc;
  readonly signer: PayerSigner;
}

export interface CallsCost {
  /** The most that gas can cost, base units of the asset. The pool wants it in the account beside what is spent. */
  readonly maxCost: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
}

/** What calls cost at most at the present base fee. */
export async function estimateCallsCost(rpc: JsonRpc, gas: bigint): Promise<CallsCost> {
  const maxFeePerGas = await suggestMaxFeePerGas(rpc);
  return { maxCost: maxTransactionCost(gas, maxFeePerGas), maxFeePerGas };
}

/**
 * Signs one transaction of the signer's own lane, gas paid in the asset. Nothing is sent: store the bytes first, then
 * `sendTransaction`.
 * @throws TempoError INSUFFICIENT_FUNDS with what is missing, WRONG_RESERVE when the node knows no reserve of this
 * network; otherwise as `JsonRpc.request`.
 */
export async function signCalls(request: CallsRequest, { rpc, signer }: CallsDependencies): Promise<SignedTransaction> {
  const { network, asset, calls, gas, spends, inPlaceOf } = request;
  await assertReserve(rpc, network.domain);
  const [{ baseFee, timestamp }, balance, next] = await Promise.all([
    latestBlock(rpc),
    tokenBalance(rpc, asset, signer.address),
    transactionCount(rpc, signer.address),
  ]);
  const maxFeePerGas = feeFor(baseFee);
  const missing = spends + maxTransactionCost(gas, maxFeePerGas) - balance;
  if (missing > 0n) {
    throw new TempoError('INSUFFICIENT_FUNDS', 'the account cannot pay the amount and its gas', { missing });
  }
  const { chainId } = network.domain;
  const transaction = { chainId, calls, gas, maxFeePerGas, nonceKey: 0n, feeToken: asset };
  if (!inPlaceOf || inPlaceOf.validBefore <= timestamp) return signTransaction({ ...transaction, nonce: next }, signer);
  // Should the other one be included, this one never is: it must not be waited for without end.
  const validBefore = timestamp + REPLACEMENT_LIFE_SECONDS;
  const signed = await signTransaction({ ...transaction, nonce: inPlaceOf.nonce, validBefore }, signer);
  return { ...signed, validBefore };
}

const REPLACEMENT_LIFE_SECONDS = 120n;

/**
 * A call to an address without code succeeds, and a fresh development network has the old one's addresses.
 * @throws TempoError WRONG_RESERVE when the node knows no reserve of this network.
 */
export async function assertReserve(rpc: JsonRpc, domain: Domain): Promise<void> {
  const [chainId, separator] = await Promise.all([
    chainIdOf(rpc),
    ethCall(rpc, { to: domain.reserve, data: callData('domainSeparator()', []) }, 'domain separator'),
  ]);
  if (chainId !== domain.chainId) throw new TempoError('WRONG_RESERVE', 'the node is on another chain');
  if (separator !== domainSeparator(domain)) {
    throw new TempoError('WRONG_RESERVE', 'the node has no reserve of this network');
  }
}
