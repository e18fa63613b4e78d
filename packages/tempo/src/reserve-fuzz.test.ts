import { afterAll, beforeAll, expect, it } from 'vitest';
import { reserveBytecode } from './gen/reserve.ts';
import { type MinedChain, startMinedChain } from './testing/fuzz/mined-chain.fixtures.ts';
import { fuzzReserve, neverOccurred } from './testing/fuzz/run.fixtures.ts';
import { createStatistics } from './testing/fuzz/statistics.fixtures.ts';

/** The bounded run of `npm run fuzz:reserve` (I8, I9, I12 on the contract). */

const SEED = 1;
const ACTIONS = 250;

let chain: MinedChain;
beforeAll(async () => {
  chain = await startMinedChain();
});
afterAll(() => chain.stop());

it('does what its model does under random attacks, and settles what is certified', { timeout: 300_000 }, async () => {
  const statistics = createStatistics();
  await fuzzReserve({ chain, bytecode: reserveBytecode, seed: SEED, statistics, actions: ACTIONS });
  expect(neverOccurred(statistics)).toEqual([]);
});
