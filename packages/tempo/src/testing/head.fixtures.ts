import type { ChainHead, TempoChain } from '../chain.ts';
import { TempoError } from '../errors.ts';
import type { JsonRpc } from '../json-rpc.ts';

/** The head, asked for again while the node goes over to other blocks and has none to tell of. */
export async function headWhenThereIsOne(chain: TempoChain): Promise<ChainHead> {
  for (;;) {
    try {
      return await chain.head();
    } catch (error) {
      if (!(error instanceof TempoError && error.retryable)) throw error;
    }
  }
}

/** Abandons the blocks from this height on for others without their transactions, though new ones go on coming. */
export async function abandonFrom(chain: TempoChain, rpc: JsonRpc, height: bigint): Promise<void> {
  const before = await chain.block(height);
  do {
    const { latest } = await headWhenThereIsOne(chain);
    await rpc.request('anvil_reorg', [Number(latest.height - height) + 1, []]);
  } while ((await chain.block(height))?.hash === before?.hash);
  await headWhenThereIsOne(chain);
}
