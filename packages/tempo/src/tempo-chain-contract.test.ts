import { PATH_USD } from '@fastpay/protocol';
import { batchEntries } from './settle-calldata.ts';
import { createTempoReserveWriter } from './tempo-chain-writer.ts';
import { chainContract } from './testing/chain-contract.fixtures.ts';
import { attest } from './testing/committee.fixtures.ts';
import { abandonFrom, headWhenThereIsOne } from './testing/head.fixtures.ts';
import { startLab } from './testing/lab.fixtures.ts';

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
    abandonFrom: (from) => abandonFrom(chain, rpc, from),
    async passTime(seconds) {
      await rpc.request('evm_increaseTime', [Number(seconds)]);
    },
    stop: () => lab.stop(),
  };
});
