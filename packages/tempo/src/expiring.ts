import type { PayerSigner } from '@fastpay/crypto';
import type { Address } from '@fastpay/protocol';
import { feeFor } from './fees.ts';
import type { JsonRpc } from './json-rpc.ts';
import { latestBlock } from './latest-block.ts';
import type { Submission } from './reserve-writer.ts';
import { sendTransaction, signTransaction, type TempoCall } from './transaction.ts';

/**
 * Transactions of this lane are ordered by nothing: each is included at most once and not after its `validBefore`, which
 * lies at most 30 s ahead. None waits for, replaces or blocks another.
 */
export const EXPIRING_NONCE_KEY = (1n << 256n) - 1n;

/** Of the 30 s that the chain grants, so that a block made just before ours does not make it a second too many. */
const LIFE_SECONDS = 25n;

export interface ExpiringOptions {
  readonly chainId: bigint;
  readonly feeToken: Address;
  readonly gas: bigint;
}

/**
 * Signs and sends calls that no nonce orders; does not wait for them.
 * @throws TempoError as `sendTransaction`; BAD_ANSWER when the node's latest block makes no sense.
 */
export async function sendExpiring(
  calls: readonly TempoCall[],
  { chainId, feeToken, gas }: ExpiringOptions,
  { rpc, signer }: { readonly rpc: JsonRpc; readonly signer: PayerSigner },
): Promise<Submission> {
  const { baseFee, timestamp } = await latestBlock(rpc);
  const maxFeePerGas = feeFor(baseFee);
  const validBefore = timestamp + LIFE_SECONDS;
  const signed = await signTransaction(
    { chainId, calls, gas, maxFeePerGas, nonceKey: EXPIRING_NONCE_KEY, nonce: 0n, feeToken, validBefore },
    signer,
  );
  return { transactionHash: await sendTransaction(rpc, signed), validBefore };
}
