import type { Hex } from '@fastpay/protocol';
import { createRandom } from '@fastpay/protocol/testing';
import { outcomes } from '../../reserve-events.ts';
import { accountActions } from './account-actions.fixtures.ts';
import { batchActions } from './batch-actions.fixtures.ts';
import { drain } from './drain.fixtures.ts';
import { commitForgeries, payerForgeries } from './forgeries.fixtures.ts';
import { garbage, hostileActions, wrongAttestations } from './hostile-actions.fixtures.ts';
import type { MinedChain } from './mined-chain.fixtures.ts';
import { badRotations, rotationActions } from './rotation-actions.fixtures.ts';
import type { Statistics } from './statistics.fixtures.ts';
import { createWorld, type World } from './world.fixtures.ts';

export interface FuzzRun {
  readonly chain: MinedChain;
  readonly bytecode: Hex;
  readonly seed: number;
  readonly statistics: Statistics;
  /** In one reserve, before everything that is open there is settled. */
  readonly actions: number;
}

const all = [...batchActions, ...hostileActions, ...accountActions, ...rotationActions];

/**
 * Random actions against one fresh reserve, then its end.
 * @throws FuzzFailure at the first difference between the contract and what is known of it.
 */
export async function fuzzReserve({ chain, bytecode, seed, statistics, actions }: FuzzRun): Promise<void> {
  const random = createRandom(seed);
  worlds += 1;
  const world = await createWorld({ chain, random, statistics, bytecode, name: `${seed} ${worlds}` });
  const history: string[] = [];
  let deck: (typeof all)[number][] = [];
  try {
    await begin(world, history);
    for (let done = 0; done < actions; done += 1) {
      if (deck.length === 0) deck = all.flatMap((each) => Array.from({ length: each[1] }, () => each));
      const [[name, , action] = all[0] as (typeof all)[number]] = deck.splice(random.below(deck.length), 1);
      await note(history, name, action(world));
      statistics.count(`action ${name}`);
      statistics.count('actions');
    }
    await note(history, 'end', drain(world));
  } catch (error) {
    throw new FuzzFailure(seed, history, error);
  }
}

/** On one chain no two reserves may have tokens of one name. */
let worlds = 0;

/** Everyone has money before it starts. */
async function begin(world: World, history: string[]): Promise<void> {
  const deposits = accountActions.filter(([name]) => name.startsWith('deposit'));
  for (const [name, , action] of [...deposits, ...deposits]) await note(history, name, action(world));
}

/** What breaks off stands at the end of the list, too. */
async function note(history: string[], name: string, action: Promise<string>): Promise<void> {
  const index = history.push(name) - 1;
  history[index] = `${name}: ${await action}`;
}

export class FuzzFailure extends Error {
  readonly seed: number;
  readonly history: readonly string[];

  constructor(seed: number, history: readonly string[], cause: unknown) {
    super(`seed ${seed}, action ${history.length}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.seed = seed;
    this.history = history;
  }
}

/** Everything that a run must have met; a run in which one of these never occurred has tested less than it says. */
export const mustOccur: readonly string[] = [
  ...all.map(([name]) => `action ${name}`),
  ...outcomes.map((outcome) => `outcome ${outcome}`),
  ...Object.keys({ ...commitForgeries, ...payerForgeries }).map((name) => `forged: ${name}`),
  ...['another value for a used slot', 'more than an account can hold', 'one unit more than the payer has'].map(
    (name) => `forged: ${name}`,
  ),
  ...Object.keys(wrongAttestations).map((name) => `attestation ${name}`),
  ...Object.keys(badRotations).map((name) => `rotation: ${name}`),
  ...garbage.map((how) => `garbage: ${how}`),
  ...['secp256k1', 'P-256', 'WebAuthn'].map((kind) => `settled orders of ${kind} payers`),
  'settled skips',
  'settled payments of money from the same batch',
  'withdrawals paid out',
  'withdrawals that the token refused',
  'batches stopped by gas',
  'batches of a retired committee in time',
  'batches of a retired committee too late',
  'deposits taken',
  'deposits refused',
  'deposits up to what an account can hold',
  'deposits beyond what an account can hold',
  'debts released',
  'debts not released',
  'exits requested',
  'exits cancelled',
  'exits before the delay was over',
  'exits with payments unsettled',
  'exits with all payments settled',
  'exits that the token refused',
  'certified and settled at the end',
];

export function neverOccurred(statistics: Statistics): readonly string[] {
  return mustOccur.filter((kind) => statistics.get(kind) === 0);
}
