import { PATH_USD } from '@fastpay/protocol';
import type { ChainHead, TempoChain } from './chain.ts';
import { TempoError } from './errors.ts';
import { batchEntries } from './settle-calldata.ts';
import { createTempoReserveWriter } from './tempo-chain-writer.ts';
import { chainContract } from './testing/chain-contract.fixtures.ts';
import { attest } from './testing/committee.fixtures.ts';
import { startLab } from './testing/lab.fixtures.ts';

/** In the middle of a reorganisation a node has no blocks to tell of. */
async function headWhenThereIsOne(chain: TempoChain): Promise<ChainHead> {
  for (;;) {
    try {
      return await chain.head();
    } catch (error) {
      if (!(error instanceof TempoError && error.retryable)) throw error;
    }
  }
}

chainContract('a Tempo node', async () => {
  const lab = await startLab();
  const { rpc, domain, committee, chain } = lab;
  const height = async () => (await headWhenThereIsOne(chain)).latest.height;
  return {
    chain,
    exitDelaySeconds: (await chain.reserveInfo()).exitDelaySeconds,
    writer: (signer) =>
      createTempoReserveWriter({ domain, committee: committee.committee, feeToken: PATH_USD }, { rpc, signer }),
    fund: ({ owner }, amount) => lab.fund([{ account: owner, amount }]),
    tokens: ({ owner }) => lab.tokens(owner),
    certify: (order, payer) => lab.certify(order, payer),
    certifySkip: (slot) => lab.certifySkip(slot),
    attest: (certificates, signers) => attest(batchEntries(certificates), { domain, committee, signers }),
    async nextBlock() {
      const before = await height();
      while ((await height()) === before) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async abandonFrom(from) {
      const before = await chain.block(from);
      // Blocks go on coming: again until it was deep enough.
      while ((await chain.block(from))?.hash === before?.hash) {
        await rpc.request('anvil_reorg', [Number((await height()) - from) + 1, []]);
      }
      await height();
    },
    async passTime(seconds) {
      await rpc.request('evm_increaseTime', [Number(seconds)]);
    },
    stop: () => lab.stop(),
  };
});
