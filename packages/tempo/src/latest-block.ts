import { objectIn, quantityIn } from './answers.ts';
import type { JsonRpc } from './json-rpc.ts';

export interface LatestBlock {
  /** Wei. */
  readonly baseFee: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** @throws TempoError as `JsonRpc.request`; BAD_ANSWER when the block makes no sense. */
export async function latestBlock(rpc: JsonRpc): Promise<LatestBlock> {
  const block = objectIn(await rpc.request('eth_getBlockByNumber', ['latest', false]), 'latest block');
  return {
    baseFee: quantityIn(block.baseFeePerGas, 'base fee'),
    timestamp: quantityIn(block.timestamp, 'block time'),
  };
}
