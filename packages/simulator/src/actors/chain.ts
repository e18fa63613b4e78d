import type { CryptoEngine } from '@fastpay/crypto';
import { createVerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import { type AccountId, type Address, type CommitCertificate, type Network, RejectError } from '@fastpay/protocol';
import { createSimulatedChain, type SimulatedChain } from '@fastpay/tempo/simulated';
import type { Deposit, ExitEvent } from '@fastpay/validator';
import type { ChainFacts } from '../model/model.ts';
import { accountName } from '../model/types.ts';
import type { FinalFacts } from '../model/validator-view.ts';
import type { Random } from '../random/random.ts';
import type { Fault } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';

/** The simulated Tempo chain with the reserve's rules, and what of it is final, kept apart for the model. */
export interface RunChain extends FinalFacts, ChainFacts {
  readonly simulated: SimulatedChain;
  /** Makes the blocks that are due, and tells the model what has become final. */
  advanceTo(unixMs: number): Promise<void>;
  deposit(account: AccountId, amount: bigint): Promise<void>;
  settle(from: Address, certificates: readonly CommitCertificate[]): Promise<void>;
  exit(account: AccountId, what: 'requestExit' | 'cancelExit' | 'exit'): Promise<void>;
  /** Abandons the newest block, if none of the final ones goes. */
  reorganize(): void;
  readonly deposits: readonly Deposit[];
  readonly exits: readonly ExitEvent[];
}

export interface RunChainDependencies {
  readonly engine: CryptoEngine;
  readonly random: Random;
  readonly faults: Tally<Fault>;
  readonly startMs: number;
  /** Whether transactions may still go wrong. */
  isCalm(): boolean;
  /** Once for each that is final, in the order of the chain. */
  onDeposit(deposit: Deposit): void;
  onExit(event: ExitEvent): void;
}

export const BLOCK_MS = 2_500;

export function createRunChain(network: Network, dependencies: RunChainDependencies): RunChain {
  const { engine, random, faults, startMs, isCalm, onDeposit, onExit } = dependencies;
  const { domain, committee, exitDelaySeconds } = network;
  const context = createVerificationContext(network, engine);
  const deposits: Deposit[] = [];
  const exits: ExitEvent[] = [];
  const askedToLeave = new Set<string>();
  let seenHeight = 0n;

  const simulated = createSimulatedChain(
    { domain, committee, exitDelaySeconds, startMs, blockTimeMs: BLOCK_MS },
    {
      async verify(certificate) {
        try {
          await verifyCommitCertificate(context, certificate);
          return undefined;
        } catch (error) {
          if (error instanceof RejectError) return 'INVALID_COMMIT';
          throw error;
        }
      },
      fate({ type }) {
        if (isCalm() || type !== 'settle' || !random.chance(0.25)) return { type: 'include' };
        faults.add('transactionLost');
        return random.pick([{ type: 'drop' }, { type: 'revert' }, { type: 'include', delayBlocks: 3 }] as const);
      },
    },
  );
  const { chain } = simulated;

  return {
    simulated,
    deposits,
    exits,
    deposit(account, amount) {
      simulated.mint(account, amount);
      return submit(account.owner, { type: 'deposit', account, amount });
    },
    settle: (from, certificates) => submit(from, { type: 'settle', certificates }),
    exit(account, type) {
      askedToLeave.add(accountName(account));
      return submit(account.owner, { type, asset: account.asset });
    },
    onChain: (account) => simulated.reserve.account(account),
    hasAskedToLeave: (account) => askedToLeave.has(accountName(account)),
    reorganize() {
      const { latest, finalized } = simulated.head();
      if (latest.height <= finalized.height) return;
      faults.add('abandonedBlocks');
      simulated.reorganize(Number(latest.height - finalized.height), { loseTransactions: random.chance(0.3) });
    },
    async advanceTo(unixMs) {
      simulated.advanceTo(unixMs);
      const { height } = simulated.head().finalized;
      if (height <= seenHeight) return;
      const from = seenHeight + 1n;
      seenHeight = height;
      for (const deposit of await chain.deposits(from, height)) {
        deposits.push(deposit);
        onDeposit(deposit);
      }
      for (const event of await chain.exits(from, height)) {
        exits.push(event);
        onExit(event);
      }
    },
    depositAt: (index) => deposits[Number(index)],
    isFinalExit: (event) =>
      exits.some(
        (final) =>
          final.type === event.type &&
          final.block.hash === event.block.hash &&
          final.account.owner === event.account.owner &&
          final.account.asset === event.account.asset,
      ),
  };

  async function submit(
    from: Address,
    transaction: Parameters<ReturnType<SimulatedChain['writer']>['submit']>[0],
  ): Promise<void> {
    await simulated.writer(from).submit(transaction);
  }
}
