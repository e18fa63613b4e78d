import type { PayerSigner } from '@fastpay/crypto';
import { type Address, type Hex, PATH_USD, toAddress } from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { arrayIn, objectIn, quantityIn } from '../../answers.ts';
import { ethCall } from '../../eth-call.ts';
import { createJsonRpc, type JsonRpc } from '../../json-rpc.ts';
import { startTempoNode } from '../../node/start-tempo-node.ts';
import { encodeTransfer } from '../../tip20.ts';
import { chainIdOf, sendTransaction, signTransaction, type TempoCall, transactionCount } from '../../transaction.ts';

/** What a transaction did that is alone in its block. */
export interface Mined {
  readonly succeeded: boolean;
  /** As the node gave them; of the reserve none when it failed. */
  readonly logs: readonly unknown[];
  /** Of its block, unix seconds. */
  readonly timestamp: bigint;
  /** Of a transaction that created a contract. */
  readonly contractAddress: unknown;
}

/**
 * A Tempo node whose blocks are made by hand, one for each transaction, in a time of its own: as fast as the node can,
 * and the same again with the same seed.
 */
export interface MinedChain {
  readonly rpc: JsonRpc;
  readonly chainId: bigint;
  readonly rpcUrl: string;
  /** Of the latest block, unix seconds. */
  now(): bigint;
  /** The next block comes that many seconds later than it would. */
  passTime(seconds: bigint): void;
  send(signer: PayerSigner, calls: readonly TempoCall[], gas?: bigint): Promise<Mined>;
  /** Sends tokens of one asset to several accounts. */
  fund(signer: PayerSigner, asset: Address, accounts: readonly Address[], amount: bigint): Promise<void>;
  /** Reads many views of the latest block in one call. A view that fails fails them all. */
  views(calls: readonly View[]): Promise<readonly Hex[]>;
  stop(): Promise<void>;
}

export interface View {
  readonly target: Address;
  readonly callData: Hex;
}

/** What a transaction gets unless it is told otherwise. */
export const ENOUGH_GAS = 100_000_000n;
const MAX_FEE_PER_GAS = 100_000_000_000n;
/** Deployed on Tempo under the address that it has everywhere. */
const MULTICALL = toAddress('0xca11bde05977b3631167028862be2a173976ca11');
const aggregate = AbiFunction.from([
  'struct Call { address target; bytes callData; }',
  'function aggregate(Call[] calls) view returns (uint256 blockNumber, bytes[] results)',
]);

export async function startMinedChain(): Promise<MinedChain> {
  const node = await startTempoNode({ blockTimeSeconds: 3_600 });
  try {
    const rpc = createJsonRpc({ url: node.rpcUrl });
    const chainId = await chainIdOf(rpc);
    const latest = objectIn(await rpc.request('eth_getBlockByNumber', ['latest', false]), 'block');
    await rpc.request('evm_setIntervalMining', [0]);
    let now = quantityIn(latest.timestamp, 'block time');
    // One second from each block to the next, unless more is asked for.
    await rpc.request('anvil_setBlockTimestampInterval', [1]);
    let pause = 0n;
    const nonces = new Map<Address, bigint>();

    async function mine(): Promise<void> {
      now += 1n + pause;
      if (pause > 0n) await rpc.request('evm_setNextBlockTimestamp', [Number(now)]);
      pause = 0n;
      await rpc.request('evm_mine', []);
    }

    async function send(signer: PayerSigner, calls: readonly TempoCall[], gas = ENOUGH_GAS): Promise<Mined> {
      const { address } = signer;
      const nonce = nonces.get(address) ?? (await transactionCount(rpc, address));
      const fee = { maxFeePerGas: MAX_FEE_PER_GAS, feeToken: PATH_USD };
      const signed = await signTransaction({ chainId, calls, gas, nonceKey: 0n, nonce, ...fee }, signer);
      await sendTransaction(rpc, signed);
      await mine();
      const answer = await rpc.request('eth_getTransactionReceipt', [signed.transactionHash]);
      if (answer === null) throw new Error('the node took a transaction in and left it out of its block');
      nonces.set(address, nonce + 1n);
      const receipt = objectIn(answer, 'receipt');
      return {
        succeeded: quantityIn(receipt.status, 'receipt status') === 1n,
        logs: arrayIn(receipt.logs, 'receipt logs'),
        timestamp: now,
        contractAddress: receipt.contractAddress,
      };
    }

    return {
      rpc,
      rpcUrl: node.rpcUrl,
      chainId,
      now: () => now,
      passTime: (seconds) => {
        pause += seconds;
      },
      send,
      async fund(signer, asset, accounts, amount) {
        const mined = await send(
          signer,
          accounts.map((account) => ({ to: asset, data: encodeTransfer(account, amount) })),
        );
        if (!mined.succeeded) throw new Error('the accounts could not be funded');
      },
      async views(calls) {
        const data = AbiFunction.encodeData(aggregate, [calls]);
        const answer = await ethCall(rpc, { to: MULTICALL, data, gas: '0x1dcd6500' }, 'views');
        return AbiFunction.decodeResult(aggregate, answer)[1];
      },
      stop: () => node.stop(),
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}
