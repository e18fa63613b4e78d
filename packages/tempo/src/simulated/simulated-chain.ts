import {
  type AccountId,
  type Address,
  type CommitCertificate,
  committeeHash,
  type Domain,
  domainSeparator,
  type Hash,
  MAX_U64,
} from '@fastpay/protocol';
import type { ChainBlock, ChainHead, TempoChain } from '../chain.ts';
import { TempoError } from '../errors.ts';
import { tempoLimits } from '../limits.ts';
import type { Outcome } from '../reserve-events.ts';
import type { ReserveTransaction, ReserveWriter, SettlementBatch, TransactionOutcome } from '../reserve-writer.ts';
import { createBlockHistory } from './block-history.ts';
import { emptyBlock, hashOf, type SimulatedBlock, undo } from './blocks.ts';
import { createPool, type Fate, type PooledTransaction } from './pool.ts';
import {
  type CheckedBatch,
  createReserveRules,
  type ReserveEvents,
  type ReserveRules,
  type ReserveTerms,
  RevertError,
  type SignatureVerdict,
} from './reserve-rules.ts';
import { createUndoLog } from './undo-log.ts';

export interface SimulatedChainOptions extends Omit<ReserveTerms, 'reserve'> {
  readonly domain: Domain;
  /** Unix milliseconds of block 0, which holds the reserve. */
  readonly startMs: number;
  /** 500 unless given. */
  readonly blockTimeMs?: number;
  /** How many blocks the newest final one is below the latest; 2 unless given. */
  readonly finalityBlocks?: number;
  /** Most transactions of one block; no bound unless given. */
  readonly blockTransactions?: number;
  /** Hex digits at the start of every hash, an even number and at most 40, that tell this chain from others; none unless given. */
  readonly label?: string;
}

type Awaitable<Value> = Value | Promise<Value>;

export interface SimulatedChainDependencies {
  /** Checks signatures of an entry when it is handed in; nobody does unless given. Stakes are always counted. */
  readonly verify?: (certificate: CommitCertificate) => Awaitable<SignatureVerdict>;
  /** Whether every signature of the batch's attestation is right; believed unless given. */
  readonly verifyAttestation?: (batch: SettlementBatch) => Awaitable<boolean>;
  /** What becomes of a transaction; included in the next block unless given. */
  readonly fate?: (transaction: ReserveTransaction, from: Address) => Fate;
}

/** What the reserve holds after the latest block, for whoever checks invariants. */
export type ReserveView = Pick<
  ReserveRules,
  'account' | 'owed' | 'tokens' | 'exitReadyAt' | 'depositCount' | 'liabilities' | 'holds'
>;

/**
 * A settlement chain in virtual time, with the reserve's rules of §6 and nothing else. It has no clock: blocks come when
 * `advanceTo` or `mine` is called. Everything is deterministic, given what it is told and when.
 */
export interface SimulatedChain {
  readonly chain: TempoChain;
  writer(address: Address): ReserveWriter;
  readonly reserve: ReserveView;
  /** Tokens out of nothing, outside of the reserve. */
  mint(account: AccountId, amount: bigint): void;
  /** The token refuses to go to the recipient, or to anyone, until `accept` (§6 owed). */
  refuse(asset: Address, recipient?: Address): void;
  accept(asset: Address, recipient?: Address): void;

  /** Moves the clock, making every block that is due until then, unless the chain is paused. */
  advanceTo(unixMs: number): void;
  /** Makes one block now, whenever it is due. */
  mine(): ChainBlock;
  /** Unix milliseconds of the clock. */
  nowMs(): number;
  /** When the next block is due. */
  nextBlockMs(): number;
  /** Blocks as the chain has them, whatever the node tells. */
  head(): ChainHead;

  /** No more blocks until `resume`; the ones that were not made are never made. */
  pause(): void;
  resume(): void;
  /** Finality stands still until `releaseFinality`. */
  holdFinality(): void;
  releaseFinality(): void;
  /**
   * Abandons the newest `depth` blocks and makes as many empty ones in their place. Their transactions wait for a block
   * again, or are lost. @throws RangeError when a final block would go.
   */
  reorganize(depth: number, options?: { readonly loseTransactions?: boolean }): void;
  /** The node that is asked shows the chain as it was so many blocks ago. */
  lag(blocks: number): void;
  /** The node answers every question and submission with this error, until told undefined. */
  fail(error: TempoError | undefined): void;
}

const DEFAULT_BLOCK_MS = 500;
const DEFAULT_FINALITY_BLOCKS = 2;
/** What the chain allows for a transaction that nonces do not order. */
const LIFE_SECONDS = 30n;

export function createSimulatedChain(
  options: SimulatedChainOptions,
  { verify, verifyAttestation, fate = () => ({ type: 'include' }) }: SimulatedChainDependencies = {},
): SimulatedChain {
  const { domain, committee, exitDelaySeconds, startMs } = options;
  const blockMs = options.blockTimeMs ?? DEFAULT_BLOCK_MS;
  const finalityBlocks = options.finalityBlocks ?? DEFAULT_FINALITY_BLOCKS;
  const blockTransactions = options.blockTransactions ?? Number.POSITIVE_INFINITY;
  const label = options.label ?? '';
  const log = createUndoLog();
  const rules = createReserveRules({ reserve: domain.reserve, committee, exitDelaySeconds }, log);
  const pool = createPool();
  const included = new Map<bigint, PooledTransaction>();
  let lastBlockId = 0n;
  let lastTransactionId = 0n;
  let now = startMs;
  let due = startMs + blockMs;
  let finalized = 0;
  let isPaused = false;
  let isFinalityHeld = false;
  let hiddenBlocks = 0;
  let failure: TempoError | undefined;
  const blocks = createBlockHistory((height) =>
    describe(BigInt(height), BigInt(height) + 1n, startMs + height * blockMs),
  );
  blocks.add(emptyBlock(blockAt(0n, startMs)));

  function describe(height: bigint, id: bigint, unixMs: number): ChainBlock {
    return { height, hash: hashOf('block', id, label), timestamp: BigInt(Math.floor(unixMs / 1_000)) };
  }

  function blockAt(height: bigint, unixMs: number): ChainBlock {
    lastBlockId += 1n;
    return describe(height, lastBlockId, unixMs);
  }

  function newest(): SimulatedBlock {
    return blocks.at(blocks.top);
  }

  function addBlock(unixMs: number): ChainBlock {
    const made = emptyBlock(blockAt(BigInt(blocks.top + 1), unixMs));
    for (const each of pool.take(made.block.height, made.block.timestamp, blockTransactions)) include(made, each);
    made.undos = log.take();
    blocks.add(made);
    settleFinality();
    return made.block;
  }

  /**
   * Adds the blocks that are due at once, and says how many: however long nobody looked, an idle chain catches up in no
   * time. None when they are few, or not as the clock alone would have them.
   */
  function skipIdle(unixMs: number): number {
    const { top } = blocks;
    const count = Math.floor((unixMs - due) / blockMs) + 1;
    const isRegular = lastBlockId === BigInt(top + 1) && due === startMs + (top + 1) * blockMs;
    if (!isRegular || isPaused || isFinalityHeld || pool.size > 0 || count <= finalityBlocks) return 0;
    blocks.addRegular(count);
    lastBlockId += BigInt(count);
    while (finalized < top) finalizeNext();
    finalized = blocks.top - finalityBlocks;
    return count;
  }

  function settleFinality(): void {
    if (isFinalityHeld) return;
    const final = blocks.top - finalityBlocks;
    while (finalized < final) finalizeNext();
  }

  function finalizeNext(): void {
    finalized += 1;
    forget(blocks.at(finalized));
    blocks.seal(finalized);
  }

  /** What is final is never taken back. */
  function forget(block: SimulatedBlock): void {
    block.undos = [];
    for (const id of block.transactions) included.delete(id);
    block.transactions.length = 0;
  }

  function include(into: SimulatedBlock, pooled: PooledTransaction): void {
    included.set(pooled.id, pooled);
    into.transactions.push(pooled.id);
    into.outcomes.set(hashOf('transaction', pooled.id, label), false);
    if (pooled.reverts) return;
    const counts = [into.deposits.length, into.settlements.length, into.exits.length] as const;
    const start = log.length;
    try {
      execute(pooled, into.block.timestamp, eventsInto(into, pooled.id));
      into.outcomes.set(hashOf('transaction', pooled.id, label), true);
    } catch (error) {
      if (!(error instanceof RevertError)) throw error;
      log.rollBack(start);
      [into.deposits.length, into.settlements.length, into.exits.length] = counts;
    }
  }

  function execute({ transaction, from }: PooledTransaction, timestamp: bigint, events: ReserveEvents): void {
    switch (transaction.type) {
      case 'settle':
        rules.settle(transaction, from, events);
        break;
      case 'deposit':
        rules.deposit(from, transaction.account, transaction.amount, events);
        break;
      case 'release':
        rules.release(transaction.account);
        break;
      case 'requestExit':
        rules.requestExit({ owner: from, asset: transaction.asset }, timestamp, events);
        break;
      case 'cancelExit':
        rules.cancelExit({ owner: from, asset: transaction.asset }, events);
        break;
      case 'exit':
        rules.exit({ owner: from, asset: transaction.asset }, timestamp, events);
        break;
    }
  }

  function eventsInto({ block, deposits, settlements, exits }: SimulatedBlock, id: bigint): ReserveEvents {
    const place = { block, transactionHash: hashOf('transaction', id, label) };
    return {
      deposited: (index, account, amount) => void deposits.push({ index, account, amount, ...place }),
      settled: (account, sequence, value) => void settlements.push({ account, sequence, value, settlement: place }),
      exit: (account, change) => void exits.push({ account, ...change, ...place }),
    };
  }

  async function checked(batch: SettlementBatch): Promise<CheckedBatch> {
    const verdicts: SignatureVerdict[] = [];
    if (verify) for (const certificate of batch.certificates) verdicts.push(await verify(certificate));
    const isAttestationValid = batch.attestation === undefined || ((await verifyAttestation?.(batch)) ?? true);
    return { ...batch, verdicts, isAttestationValid };
  }

  async function submit(from: Address, transaction: ReserveTransaction) {
    assertAnswering();
    const ready =
      transaction.type === 'settle' ? { ...(await checked(transaction)), type: 'settle' as const } : transaction;
    lastTransactionId += 1n;
    const id = lastTransactionId;
    const validBefore = newest().block.timestamp + LIFE_SECONDS;
    const decided = fate(transaction, from);
    if (decided.type !== 'drop') {
      const delay = decided.type === 'include' ? (decided.delayBlocks ?? 0) : 0;
      const notBefore = BigInt(blocks.top + 1 + delay);
      pool.add({ id, from, transaction: ready, validBefore, notBefore, reverts: decided.type === 'revert' });
    }
    return { transactionHash: hashOf('transaction', id, label), validBefore };
  }

  async function preview(from: Address, batch: SettlementBatch): Promise<readonly Outcome[]> {
    assertAnswering();
    const ready = await checked(batch);
    const start = log.length;
    try {
      return rules.settle(ready, from, { deposited() {}, settled() {}, exit() {} });
    } catch (error) {
      if (error instanceof RevertError) throw new TempoError('REFUSED', error.message);
      throw error;
    } finally {
      log.rollBack(start);
    }
  }

  function outcomeOf(transactionHash: Hash): TransactionOutcome | undefined {
    assertAnswering();
    for (let height = shown(); height >= 0; height--) {
      const { outcomes, settlements, block } = blocks.at(height);
      const succeeded = outcomes.get(transactionHash);
      if (succeeded !== undefined) {
        const settled = settlements.filter(({ settlement }) => settlement.transactionHash === transactionHash);
        return { succeeded, cost: 0n, settled };
      }
      // What was handed in cannot be in a block from before its life began.
      if (block.timestamp + LIFE_SECONDS < newest().block.timestamp) return undefined;
    }
    return undefined;
  }

  function assertAnswering(): void {
    if (failure) throw failure;
  }

  /** Height of the newest block that the node shows. */
  function shown(): number {
    return Math.max(0, blocks.top - hiddenBlocks);
  }

  function eventsIn<Event>(
    from: bigint,
    to: bigint,
    eventsOf: (block: SimulatedBlock) => readonly Event[],
  ): readonly Event[] {
    if (to - from >= tempoLimits.queryRangeBlocks) {
      throw new RangeError(`a query covers at most ${tempoLimits.queryRangeBlocks} blocks`);
    }
    assertAnswering();
    const end = Math.min(Number(to), shown());
    const found: Event[] = [];
    for (let height = Number(from); height <= end; height++) {
      const kept = blocks.kept(height);
      if (kept) found.push(...eventsOf(kept));
    }
    return found;
  }

  /** Errors become rejections, as a node's do. */
  const answer = <Value>(value: () => Value): Promise<Value> => Promise.resolve().then(value);

  const chain: TempoChain = {
    head: () =>
      answer(() => {
        assertAnswering();
        const latest = blocks.at(shown()).block;
        return { latest, finalized: blocks.at(Math.min(finalized, shown())).block };
      }),
    block: (height) =>
      answer(() => {
        assertAnswering();
        return height <= shown() ? blocks.at(Number(height)).block : undefined;
      }),
    deposits: (from, to) => answer(() => eventsIn(from, to, ({ deposits }) => deposits)),
    settlements: (from, to) => answer(() => eventsIn(from, to, ({ settlements }) => settlements)),
    exits: (from, to) => answer(() => eventsIn(from, to, ({ exits }) => exits)),
    events: (from, to) =>
      answer(() => ({
        deposits: eventsIn(from, to, ({ deposits }) => deposits),
        settlements: eventsIn(from, to, ({ settlements }) => settlements),
        exits: eventsIn(from, to, ({ exits }) => exits),
      })),
    reserveInfo: () =>
      answer(() => {
        assertAnswering();
        return {
          committeeHash: committeeHash(committee),
          epoch: committee.epoch,
          salt: domain.salt,
          domainSeparator: domainSeparator(domain),
          depositCount: rules.depositCount(),
          exitDelaySeconds,
          deploymentHeight: 0n,
        };
      }),
    accountOnChain: (id) =>
      answer(() => {
        assertAnswering();
        const { balance, next } = rules.account(id);
        return { balance, nextSequence: next, owed: rules.owed(id) };
      }),
  };

  return {
    chain,
    writer: (address) => ({
      address,
      submit: (transaction) => submit(address, transaction),
      preview: (batch) => preview(address, batch),
      outcome: (transactionHash) => answer(() => outcomeOf(transactionHash)),
      // Gas is free here.
      funds: () => answer(() => ({ gasPrice: 0n, balance: MAX_U64 })),
    }),
    reserve: rules,
    mint: rules.mint,
    refuse: rules.refuse,
    accept: rules.accept,
    advanceTo(unixMs) {
      while (due <= unixMs) {
        const skipped = skipIdle(unixMs);
        if (skipped === 0 && !isPaused) addBlock(due);
        due += Math.max(1, skipped) * blockMs;
      }
      now = Math.max(now, unixMs);
    },
    mine: () => addBlock(now),
    nowMs: () => now,
    nextBlockMs: () => due,
    head: () => ({ latest: newest().block, finalized: blocks.at(finalized).block }),
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    holdFinality: () => {
      isFinalityHeld = true;
    },
    releaseFinality() {
      isFinalityHeld = false;
      settleFinality();
    },
    reorganize(depth, { loseTransactions = false } = {}) {
      if (depth < 0 || blocks.top - depth < finalized) throw new RangeError('a final block would be abandoned');
      const abandoned = blocks.removeTop(depth);
      for (const block of abandoned.toReversed()) undo(block);
      const returned = abandoned.flatMap(({ transactions }) => transactions.flatMap((id) => included.get(id) ?? []));
      for (const { id } of returned) included.delete(id);
      for (const { block } of abandoned) {
        blocks.add(emptyBlock({ ...blockAt(block.height, 0), timestamp: block.timestamp }));
      }
      if (!loseTransactions) for (const transaction of returned) pool.add(transaction);
    },
    lag: (count) => {
      hiddenBlocks = count;
    },
    fail: (error) => {
      failure = error;
    },
  };
}
