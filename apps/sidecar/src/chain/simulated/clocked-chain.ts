import { createHash } from 'node:crypto';
import { type Address, accountKey, type Hash, type Network, toHash } from '@fastpay/protocol';
import type { ChainSettlement, ReserveWriter, TempoChain } from '@fastpay/tempo';
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
/** About how often a block takes settlements. */
const SETTLING_MS = 2_000;

/**
 * Blocks follow from the genesis and the clock, so that validators with the same genesis see deposits in the same
 * blocks. What this validator sends is in its own chain only. It is in the journal before a block holds it, and played
 * again at the same height by the next start: what was once seen included or final stays so.
 *
 * Relays pass a settlement on when validators of stake ≥ v saw it in the same block and transaction. So only one block in
 * a few takes settlements, which lets validators that settle a payment within moments of each other do so in the same
 * one: of two groups the larger is enough. And each settlement is shown under a transaction named after it.
 */
export async function createClockedChain(
  { genesis, network: { domain, committee, exitDelaySeconds } }: ClockedChainOptions,
  { opened: { journal, records }, unixMs, verify, verifyAttestation }: ClockedChainDependencies,
): Promise<ClockedChain> {
  const { startMs, blockTimeMs, digest } = genesis;
  const label = `${LABEL}${digest}`.slice(0, LABEL_DIGITS);
  const everyBlocks = BigInt(Math.max(1, Math.round(SETTLING_MS / blockTimeMs)));
  let waiting: SentTransaction[] = [];
  let isReplaying = true;
  const simulated = createSimulatedChain(
    { domain, committee, exitDelaySeconds, startMs, blockTimeMs, label },
    {
      ...(verify && { verify }),
      ...(verifyAttestation && { verifyAttestation }),
      // Asked in the same step that puts the transaction into the pool: nothing can be in a block unnoticed.
      fate(transaction, from) {
        if (!isReplaying) waiting.push({ from, transaction });
        if (transaction.type !== 'settle') return { type: 'include' };
        const next = simulated.head().latest.height + 1n;
        return { type: 'include', delayBlocks: Number((everyBlocks - (next % everyBlocks)) % everyBlocks) };
      },
    },
  );
  await deposit(simulated, genesis);
  await replay(simulated, { genesis, records });
  isReplaying = false;

  const { chain } = simulated;
  const named = (settlements: readonly ChainSettlement[]) => settlements.map((each) => nameIn(label, each));
  return {
    chain: {
      ...chain,
      settlements: async (from, to) => named(await chain.settlements(from, to)),
      async events(from, to) {
        const events = await chain.events(from, to);
        return { ...events, settlements: named(events.settlements) };
      },
    },
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

function nameIn(label: string, each: ChainSettlement): ChainSettlement {
  const { account, sequence, value, settlement } = each;
  const name = createHash('sha256')
    .update(`${accountKey(account)}/${sequence}/${value}`)
    .digest('hex');
  const transactionHash: Hash = toHash(`0x7a00${label}${name}`.slice(0, 66));
  return { ...each, settlement: { ...settlement, transactionHash } };
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
