import type { PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  type Domain,
  domainSeparator,
  type Hash,
  type Hex,
  MAX_U64,
  type Network,
  RejectError,
} from '@fastpay/protocol';
import { callData } from './call-data.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import { maxTransactionCost, suggestMaxFeePerGas } from './fees.ts';
import type { JsonRpc } from './json-rpc.ts';
import { encodeApprove, tokenBalance } from './tip20.ts';
import {
  chainIdOf,
  type SignedTransaction,
  sendTransaction,
  signTransaction,
  type TempoCall,
  transactionCount,
} from './transaction.ts';

/**
 * Measured (`npm run gas`): 1,053,000 for the first deposit that a reserve ever gets, 651,000 for an account's first,
 * 253,000 later. What is not used is not paid.
 */
const DEPOSIT_GAS = 1_500_000n;

export interface DepositRequest {
  readonly network: Pick<Network, 'domain'>;
  readonly asset: Address;
  /** Base units, above zero. */
  readonly amount: bigint;
  /** The FastPay account that gets the money; the signer's own unless given. */
  readonly account?: Address;
}

export interface DepositDependencies {
  readonly rpc: JsonRpc;
  readonly signer: PayerSigner;
}

export interface DepositCost {
  /** The most that gas can cost, base units of the asset. The pool wants it in the account beside the amount. */
  readonly maxCost: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
}

/** What a deposit costs at most at the present base fee. A whole balance deposits as `balance - maxCost`. */
export async function estimateDepositCost(rpc: JsonRpc): Promise<DepositCost> {
  const maxFeePerGas = await suggestMaxFeePerGas(rpc);
  return { maxCost: maxTransactionCost(DEPOSIT_GAS, maxFeePerGas), maxFeePerGas };
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
export async function signDeposit(
  request: DepositRequest,
  { rpc, signer }: DepositDependencies,
): Promise<SignedTransaction> {
  const { network, asset, amount, account = signer.address } = request;
  if (amount <= 0n || amount > MAX_U64)
    throw new RejectError('INVALID_FORMAT', 'a deposit is above zero and in 64 bits');
  await assertReserve(rpc, network.domain);
  const [cost, balance, nonce] = await Promise.all([
    estimateDepositCost(rpc),
    tokenBalance(rpc, asset, signer.address),
    transactionCount(rpc, signer.address),
  ]);
  const missing = amount + cost.maxCost - balance;
  if (missing > 0n) {
    throw new TempoError('INSUFFICIENT_FUNDS', 'the account cannot pay the amount and its gas', { missing });
  }
  return signTransaction(
    {
      chainId: network.domain.chainId,
      calls: depositCalls(network.domain.reserve, asset, account, amount),
      gas: DEPOSIT_GAS,
      maxFeePerGas: cost.maxFeePerGas,
      nonceKey: 0n,
      nonce,
      feeToken: asset,
    },
    signer,
  );
}

/** A call to an address without code succeeds, and a fresh development network has the old one's addresses. */
async function assertReserve(rpc: JsonRpc, domain: Domain): Promise<void> {
  const [chainId, separator] = await Promise.all([
    chainIdOf(rpc),
    ethCall(rpc, { to: domain.reserve, data: callData('domainSeparator()', []) }, 'domain separator'),
  ]);
  if (chainId !== domain.chainId) throw new TempoError('WRONG_RESERVE', 'the node is on another chain');
  if (separator !== domainSeparator(domain)) {
    throw new TempoError('WRONG_RESERVE', 'the node has no reserve of this network');
  }
}

/**
 * `signDeposit` and `sendTransaction` in one. The money is in the ledger once the block is final.
 * @throws as those two.
 */
export async function sendDeposit(
  request: DepositRequest,
  dependencies: DepositDependencies,
): Promise<{ readonly transactionHash: Hash }> {
  const signed = await signDeposit(request, dependencies);
  return { transactionHash: await sendTransaction(dependencies.rpc, signed) };
}
