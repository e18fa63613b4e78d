import type { Address, Network } from '@fastpay/protocol';
import type { ReserveWriter, TempoChain } from '@fastpay/tempo';
import { createSimulatedChain, type SimulatedChain, type SimulatedChainDependencies } from '@fastpay/tempo/simulated';
import type { Genesis } from './genesis.ts';
import type { OpenedJournal } from './journal.ts';
import type { SentTransaction } from './record.ts';

export interface ClockedChainOptions {
  readonly genesis: Genesis;
  readonly network: Pick<Network, 'domain' | 'committee' | 'exitDelaySeconds'>;
}

export interface ClockedChainDependencies extends Pick<SimulatedChainDependencies, 'verify' | 'verifyAttestation'> {
  readonly opened: OpenedJournal;
  readonly unixMs: () => number;
}

/** A simulated chain that lives by the wall clock and outlives the process. */
export interface ClockedChain {
  readonly chain: TempoChain;
  writer(address: Address): ReserveWriter;
  /** Makes the blocks that are due; one call at a time. Rejects when the journal cannot be written. */
  makeDueBlocks(): Promise<void>;
  /** Unix milliseconds. */
  nextBlockMs(): number;
}

/** ASCII, at the start of every hash: whoever sees a block or a transaction of such a chain can read what it is. */
const LABEL = Buffer.from('SIMULATED').toString('hex');
const LABEL_DIGITS = 40;

/**
 * Blocks follow from the genesis and the clock, so that validators with the same genesis see deposits in the same
 * blocks. What this validator sends is in its own chain only. It is in the journal before a block holds it, and played
 * again at the same height by the next start: what was once seen included or final stays so.
 */
export async function createClockedChain(
  { genesis, network: { domain, committee, exitDelaySeconds } }: ClockedChainOptions,
  { opened: { journal, records }, unixMs, verify, verifyAttestation }: ClockedChainDependencies,
): Promise<ClockedChain> {
  const { startMs, blockTimeMs, digest } = genesis;
  let waiting: SentTransaction[] = [];
  let isReplaying = true;
  const simulated = createSimulatedChain(
    { domain, committee, exitDelaySeconds, startMs, blockTimeMs, label: `${LABEL}${digest}`.slice(0, LABEL_DIGITS) },
    {
      ...(verify && { verify }),
      ...(verifyAttestation && { verifyAttestation }),
      // Asked in the same step that puts the transaction into the pool: nothing can be in a block unnoticed.
      fate(transaction, from) {
        if (!isReplaying) waiting.push({ from, transaction });
        return { type: 'include' };
      },
    },
  );
  await deposit(simulated, genesis);
  await replay(simulated, { genesis, records });
  isReplaying = false;

  return {
    chain: simulated.chain,
    writer: simulated.writer,
    nextBlockMs: simulated.nextBlockMs,
    async makeDueBlocks() {
      while (simulated.nextBlockMs() <= unixMs()) {
        const transactions = waiting;
        waiting = [];
        if (transactions.length === 0) simulated.advanceTo(unixMs());
        else await journal.append({ height: simulated.head().latest.height + 1n, transactions });
      }
    },
  };
}

async function deposit(simulated: SimulatedChain, { deposits }: Genesis): Promise<void> {
  for (const { account, amount } of deposits) {
    simulated.mint(account, amount);
    await simulated.writer(account.owner).submit({ type: 'deposit', account, amount });
  }
}

async function replay(
  simulated: SimulatedChain,
  {
    genesis: { startMs, blockTimeMs },
    records,
  }: { readonly genesis: Genesis; readonly records: OpenedJournal['records'] },
): Promise<void> {
  for (const { height, transactions } of records) {
    simulated.advanceTo(startMs + (Number(height) - 1) * blockTimeMs);
    const { latest } = simulated.head();
    if (latest.height !== height - 1n) throw new Error(`the journal tells of block ${height} after ${latest.height}`);
    for (const { from, transaction } of transactions) await simulated.writer(from).submit(transaction);
  }
}
