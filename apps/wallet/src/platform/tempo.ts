import type { Network } from '@fastpay/protocol';
import {
  createJsonRpc,
  estimateDepositCost,
  sendTransaction,
  signDeposit,
  TempoError,
  tokenBalance,
  waitForReceipt,
} from '@fastpay/tempo/browser';
import type { TempoPort } from './ports.ts';

/** The chain through the relay's allow-list. In a chunk of its own: most visits never deposit. */
export function createTempoPort(network: Network, rpcUrl: string): TempoPort {
  const asset = network.assets[0]?.address;
  if (asset === undefined) throw new Error('the network lists no asset');
  const rpc = createJsonRpc({ url: rpcUrl });
  return {
    tokenBalance: (owner) => tokenBalance(rpc, asset, owner),
    async depositFee() {
      return (await estimateDepositCost(rpc)).maxCost;
    },
    signDeposit: (signer, amount) => signDeposit({ network, asset, amount }, { rpc, signer }),
    async send(transfer) {
      await sendTransaction(rpc, transfer);
    },
    async outcome(transactionHash) {
      try {
        const { blockHeight } = await waitForReceipt(rpc, transactionHash, { timeoutMs: 0 });
        return { success: true, height: blockHeight };
      } catch (error) {
        if (!(error instanceof TempoError)) throw error;
        if (error.code === 'NOT_INCLUDED') return undefined;
        if (error.code === 'REVERTED') return { success: false };
        throw error;
      }
    },
  };
}
