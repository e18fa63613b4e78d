import { PATH_USD, toAddress, ZERO_HASH } from '@fastpay/protocol';
import { createSimulatedChain } from '@fastpay/tempo/simulated';
import { expect, it } from 'vitest';
import { createFeeCollector } from './collect-fees.ts';
import { outboxItem, person } from './testing.fixtures.ts';

const account = { owner: person('settler'), asset: PATH_USD };

/** A reserve that owes the settler the fees of one payment. */
async function reserveThatOwes(fee: bigint) {
  const members = [{ name: 'dave', votingKey: ZERO_HASH, settlementAddress: person('dave'), stake: 1n }];
  const simulated = createSimulatedChain({
    domain: { chainId: 1n, reserve: toAddress(`0x${'fa'.repeat(20)}`), salt: ZERO_HASH },
    committee: { epoch: 0n, members },
    exitDelaySeconds: 600n,
    startMs: 0,
  });
  const alice = { owner: person('alice'), asset: PATH_USD };
  simulated.mint(alice, 10_000_000n);
  await simulated.writer(alice.owner).submit({ type: 'deposit', account: alice, amount: 10_000_000n });
  const { certificate } = outboxItem(1, { from: 'alice', to: 'bob', sequence: 0, fee });
  const signed = { ...certificate, signatures: [{ signer: 0, signature: new Uint8Array(65) }] };
  const writer = simulated.writer(account.owner);
  await writer.submit({ type: 'settle', certificates: [signed] });
  simulated.mine();
  return { simulated, collector: createFeeCollector({ assets: [PATH_USD] }, { chain: simulated.chain, writer }) };
}

it('fetches what the reserve owes once it is worth the gas', async () => {
  const { simulated, collector } = await reserveThatOwes(500_000n);
  await collector.look(100n);
  simulated.mine();
  expect(simulated.reserve.tokens(account)).toBe(500_000n);
  expect(simulated.reserve.owed(account)).toBe(0n);
});

it('leaves less than that where it is', async () => {
  const { simulated, collector } = await reserveThatOwes(499_999n);
  await collector.look(100n);
  simulated.mine();
  expect(simulated.reserve.tokens(account)).toBe(0n);
});

/** The same collector, with the number of transactions that it has sent. */
function countSubmissions({ simulated }: Awaited<ReturnType<typeof reserveThatOwes>>) {
  let submissions = 0;
  const own = simulated.writer(account.owner);
  const submit: typeof own.submit = (transaction) => {
    submissions++;
    return own.submit(transaction);
  };
  const dependencies = { chain: simulated.chain, writer: { ...own, submit } };
  return { counting: createFeeCollector({ assets: [PATH_USD] }, dependencies), submissions: () => submissions };
}

it('looks once a minute, so that it does not fetch twice what is on its way', async () => {
  const reserve = await reserveThatOwes(500_000n);
  const { simulated, collector } = reserve;
  const { counting, submissions } = countSubmissions(reserve);
  for (let second = 0n; second < 59n; second++) await counting.look(100n + second);
  expect(submissions()).toBe(1);
  simulated.mine();
  await collector.look(160n);
  simulated.mine();
  expect(simulated.reserve.tokens(account)).toBe(500_000n);
});

it('tries less and less often while the token refuses, since that costs gas, and fetches once it does not', async () => {
  const reserve = await reserveThatOwes(500_000n);
  const { simulated } = reserve;
  const { counting, submissions } = countSubmissions(reserve);
  simulated.refuse(PATH_USD);
  const tried: bigint[] = [];
  for (let second = 0n; second < 4n * 3_600n; second += 10n) {
    const before = submissions();
    await counting.look(second);
    simulated.mine();
    if (submissions() > before) tried.push(second);
  }
  expect(tried).toEqual([0n, 60n, 180n, 420n, 900n, 1_860n, 3_780n, 7_380n, 10_980n]);
  simulated.accept(PATH_USD);
  await counting.look(4n * 3_600n + 3_600n);
  simulated.mine();
  expect(simulated.reserve.tokens(account)).toBe(500_000n);
  expect(simulated.reserve.owed(account)).toBe(0n);
});
