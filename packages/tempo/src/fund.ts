import type { PayerSigner } from '@fastpay/crypto';
import type { Address } from '@fastpay/protocol';
import { depositCalls } from './deposit.ts';
import { createJsonRpc } from './json-rpc.ts';
import type { Receipt } from './receipt.ts';
import { type SendOptions, sendCalls } from './send-calls.ts';
import { encodeTransfer } from './tip20.ts';

// Every word of storage that was empty costs 250,000: a nonce, a balance, an allowance, a FastPay account.
const GAS_FIRST_TRANSACTION = 600_000n;
const GAS_PER_TRANSFER = 400_000n;
const GAS_PER_DEPOSIT = 1_000_000n;

export interface Funding {
  readonly account: Address;
  /** Base units. */
  readonly amount: bigint;
}

export interface FundOptions extends Pick<SendOptions, 'wait'> {
  readonly rpcUrl: string;
  /** Whose tokens they are; also pays the gas. */
  readonly signer: PayerSigner;
  readonly asset: Address;
  /** The asset itself unless given. One that nobody changes for the validators' is taken in and never included. */
  readonly feeToken?: Address;
  /** All in one transaction: all or none. */
  readonly fundings: readonly Funding[];
}

/** Sends tokens to accounts on Tempo itself. @throws TempoError as `sendTransaction` and `waitForReceipt`. */
export function fundAccounts(options: FundOptions): Promise<Receipt> {
  const { rpcUrl, signer, asset, feeToken = asset, fundings } = options;
  const calls = fundings.map(({ account, amount }) => ({ to: asset, data: encodeTransfer(account, amount) }));
  const gas = GAS_FIRST_TRANSACTION + GAS_PER_TRANSFER * BigInt(fundings.length);
  return sendCalls(calls, { ...options, feeToken, gas }, { rpc: createJsonRpc({ url: rpcUrl }), signer });
}

export function fundAccount(options: Omit<FundOptions, 'fundings'> & Funding): Promise<Receipt> {
  const { account, amount, ...rest } = options;
  return fundAccounts({ ...rest, fundings: [{ account, amount }] });
}

/** Deposits the signer's tokens for FastPay accounts. @throws TempoError as `sendTransaction`, `waitForReceipt`. */
export function depositFor(options: FundOptions & { readonly reserve: Address }): Promise<Receipt> {
  const { rpcUrl, signer, asset, feeToken = asset, reserve, fundings } = options;
  const calls = fundings.flatMap(({ account, amount }) => depositCalls(reserve, asset, account, amount));
  const gas = GAS_FIRST_TRANSACTION + GAS_PER_DEPOSIT * BigInt(fundings.length);
  return sendCalls(calls, { ...options, feeToken, gas }, { rpc: createJsonRpc({ url: rpcUrl }), signer });
}
