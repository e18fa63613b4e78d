import type { Address, Network } from '@fastpay/protocol';
import {
  chainIdOf,
  createJsonRpc,
  encodeTransfer,
  sendTransaction,
  signTransaction,
  suggestMaxFeePerGas,
  transactionCount,
} from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { DevnetError } from '../error.ts';
import { FAUCET_INDEX } from '../network/dev-accounts.ts';
import { controlLimits } from './limits.ts';

/** Sender's first transaction, recipient's first token. */
const GIFT_GAS = 1_000_000n;

export interface Gift {
  readonly transactionHash: string;
  /** Base units. */
  readonly amount: bigint;
}

/** Sends pathUSD on Tempo, one after another, without waiting for blocks. */
export function createFaucet(options: {
  readonly rpcUrl: string;
  readonly network: Network;
}): (recipient: Address) => Promise<Gift> {
  const rpc = createJsonRpc({ url: options.rpcUrl });
  const asset = options.network.assets[0]?.address;
  if (asset === undefined) throw new DevnetError('The network has no asset to give.');
  let queue: Promise<unknown> = Promise.resolve();

  async function give(recipient: Address): Promise<Gift> {
    const signer = devAccount(FAUCET_INDEX);
    const [chainId, nonce, maxFeePerGas] = await Promise.all([
      chainIdOf(rpc),
      transactionCount(rpc, signer.address),
      suggestMaxFeePerGas(rpc),
    ]);
    const amount = controlLimits.faucetAmount;
    const calls = [{ to: asset as Address, data: encodeTransfer(recipient, amount) }];
    const transaction = {
      chainId,
      calls,
      gas: GIFT_GAS,
      maxFeePerGas,
      nonceKey: 0n,
      nonce,
      feeToken: asset as Address,
    };
    return { transactionHash: await sendTransaction(rpc, await signTransaction(transaction, signer)), amount };
  }

  return (recipient) => {
    const next = queue.then(() => give(recipient));
    queue = next.catch(() => undefined);
    return next;
  };
}
