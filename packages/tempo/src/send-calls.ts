import type { PayerSigner } from '@fastpay/crypto';
import type { Address } from '@fastpay/protocol';
import { suggestMaxFeePerGas } from './fees.ts';
import type { JsonRpc } from './json-rpc.ts';
import { type Receipt, type WaitOptions, waitForReceipt } from './receipt.ts';
import { chainIdOf, sendTransaction, signTransaction, type TempoCall, transactionCount } from './transaction.ts';

/** How a transaction is paid for and ordered; nothing is left to a node's guess. */
export interface SendOptions {
  readonly feeToken: Address;
  readonly gas: bigint;
  /** 0, the account's own lane, unless given; other lanes need `nonce` too. */
  readonly nonceKey?: bigint;
  /** The next one of the account's own lane unless given. */
  readonly nonce?: bigint;
  /** Wei; twice the base fee unless given. */
  readonly maxFeePerGas?: bigint;
  readonly wait?: WaitOptions;
}

/** Signs, sends and waits until the calls are in a block. @throws TempoError as `sendTransaction`, `waitForReceipt`. */
export async function sendCalls(
  calls: readonly TempoCall[],
  options: SendOptions,
  { rpc, signer }: { readonly rpc: JsonRpc; readonly signer: PayerSigner },
): Promise<Receipt> {
  const { feeToken, gas, nonceKey = 0n } = options;
  // A node takes a transaction with a wrong nonce of another lane, answers its hash and drops it silently.
  if (nonceKey !== 0n && options.nonce === undefined) throw new RangeError('another nonce lane needs its nonce');
  const [chainId, nonce, maxFeePerGas] = await Promise.all([
    chainIdOf(rpc),
    options.nonce ?? transactionCount(rpc, signer.address),
    options.maxFeePerGas ?? suggestMaxFeePerGas(rpc),
  ]);
  const signed = await signTransaction({ chainId, calls, gas, maxFeePerGas, nonceKey, nonce, feeToken }, signer);
  return waitForReceipt(rpc, await sendTransaction(rpc, signed), options.wait);
}
