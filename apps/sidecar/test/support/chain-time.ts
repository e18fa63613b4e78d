import { type ChainHead, createJsonRpc, createTempoChain } from '@fastpay/tempo';
import { settlerLimits } from '../../src/settler/limits.ts';
import type { TestNetwork } from './test-network.ts';

/** A node that makes a block when it is told to, at the time that it is told. */
export interface ChainTime {
  /** One block, a second of chain time after the last. */
  mine(): Promise<ChainHead>;
  /** One block, with which the turn of that committee member begins. */
  beginTurn(signer: number): Promise<ChainHead>;
  /** One block at the end of a turn, when nobody settles any more. */
  beginQuiet(): Promise<ChainHead>;
}

/** Takes the regular blocks away from the node. */
export async function takeChainTime({ network, node }: TestNetwork): Promise<ChainTime> {
  const rpc = createJsonRpc({ url: node.rpcUrl });
  const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: network.domain.reserve });
  await rpc.request('evm_setIntervalMining', [3_600]);
  const { turnSeconds, quietSeconds } = settlerLimits;
  const members = BigInt(network.committee.members.length);

  async function mineAt(timestamp: bigint): Promise<ChainHead> {
    await rpc.request('evm_setNextBlockTimestamp', [Number(timestamp)]);
    await rpc.request('evm_mine', []);
    return chain.head();
  }

  /** The next turn that is over neither in chain time nor by the clock: a chain far behind it seems to stand still. */
  async function nextTurn(): Promise<bigint> {
    const now = BigInt(Math.floor(Date.now() / 1_000));
    const { timestamp } = (await chain.head()).latest;
    return (timestamp > now ? timestamp : now) / turnSeconds + 1n;
  }

  return {
    mine: async () => mineAt((await chain.head()).latest.timestamp + 1n),
    async beginTurn(signer) {
      let turn = await nextTurn();
      while (turn % members !== BigInt(signer)) turn += 1n;
      return mineAt(turn * turnSeconds);
    },
    beginQuiet: async () => mineAt(((await nextTurn()) + 1n) * turnSeconds - quietSeconds),
  };
}
