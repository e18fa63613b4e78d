import type { Hex } from '@fastpay/protocol';
import { reserveBytecode } from '../../src/gen/reserve.ts';
import type { MinedChain } from '../../src/testing/fuzz/mined-chain.fixtures.ts';
import { FuzzFailure, fuzzReserve } from '../../src/testing/fuzz/run.fixtures.ts';
import { createStatistics } from '../../src/testing/fuzz/statistics.fixtures.ts';
import { Violation } from '../../src/testing/fuzz/violation.fixtures.ts';
import { type ContractSource, compileReserve, readSources } from '../compile.ts';
import { type Mutation, mutations } from './mutations.ts';

export interface CheckOptions {
  readonly chain: MinedChain;
  readonly seed: number;
  /** With each of at most `RESERVES` reserves. */
  readonly actions: number;
  readonly only: string;
}

const RESERVES = 3;

/** Prints for every mutation after how many actions a run noticed it, and as what. Ends with 1 when one was not. */
export async function checkMutations({ chain, seed, actions, only }: CheckOptions): Promise<void> {
  const sources = readSources();
  const chosen = mutations
    .filter(({ name }) => name.includes(only))
    .map((each) => ({ ...each, sources: mutate(sources, each) }));
  console.log(`${chosen.length} mutations, each within ${RESERVES} times ${actions} actions, seeds from ${seed}\n`);
  console.log(`${'a reserve that …'.padEnd(64)} actions  noticed as`);
  let missed = 0;
  for (const { name, sources: broken } of chosen) {
    const { bytecode } = compileReserve(broken);
    const { done, failure } = await untilFailure(chain, bytecode as Hex, seed, actions);
    if (!failure) missed += 1;
    const [what = ''] = failure?.message.replace(/^seed \d+, action \d+: /, '').split('\n') ?? [];
    console.log(`${name.padEnd(64)} ${`${done}`.padStart(7)}  ${failure ? what.slice(0, 400) : 'NOT NOTICED'}`);
  }
  const whole = await untilFailure(chain, reserveBytecode, seed, actions);
  console.log(
    `${'follows every rule'.padEnd(64)} ${`${whole.done}`.padStart(7)}  ${whole.failure?.message ?? 'nothing, as it should'}`,
  );
  console.log(`\n${chosen.length - missed} of ${chosen.length} noticed`);
  if (missed > 0 || whole.failure) process.exitCode = 1;
}

/** @throws Error unless the text stands there exactly once: a contract that has changed needs a mutation that has. */
function mutate(sources: readonly ContractSource[], { file, find, replace }: Mutation): readonly ContractSource[] {
  return sources.map(([name, content]) => {
    if (name !== file) return [name, content];
    const parts = content.split(find);
    if (parts.length !== 2) throw new Error(`${file} holds this ${parts.length - 1} times: ${find}`);
    return [name, parts.join(replace)];
  });
}

async function untilFailure(chain: MinedChain, bytecode: Hex, first: number, actions: number) {
  let done = 0;
  for (let seed = first; seed < first + RESERVES; seed += 1) {
    const statistics = createStatistics();
    try {
      await fuzzReserve({ chain, bytecode, seed, statistics, actions });
    } catch (error) {
      if (!(error instanceof FuzzFailure && error.cause instanceof Violation)) throw error;
      return { done: done + statistics.get('actions') + 1, failure: error };
    }
    done += statistics.get('actions');
  }
  return { done, failure: undefined };
}
