import type { ChainBlock, ChainEvents, ChainHead, ChainSettlement, TempoChain } from '@fastpay/tempo';
import {
  ChainMismatchError,
  type Deposit,
  type FinalizedBlock,
  type SettlementObservation,
  StoreCorruptionError,
  type Validator,
} from '@fastpay/validator';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Fatal } from '../process/fatal.ts';
import { freshDeposits, isContiguous } from './deposits.ts';
import { createInclusions } from './inclusions.ts';
import type { ReserveCheck } from './reserve-check.ts';
import { createReview } from './review.ts';
import type { MutableChainState } from './state.ts';
import { describeTrouble } from './trouble.ts';

export interface WatcherOptions {
  readonly pollIntervalMs: number;
  /** Most blocks of one log query. */
  readonly rangeBlocks: number;
}

export interface WatcherDependencies {
  readonly source: Pick<TempoChain, 'head' | 'block' | 'deposits' | 'settlements' | 'events'>;
  readonly validator: Validator;
  readonly state: MutableChainState;
  readonly reserveCheck: ReserveCheck;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly fatal: Fatal;
  /** The reserve is not the manifest's and this store has never seen another: nothing to wait for. */
  readonly onWrongReserve: (problem: string) => void;
  /** Called after every look. */
  readonly onLooked: () => void;
}

export interface Watcher {
  /** One look at the chain; never rejects because of the chain. */
  look(): Promise<void>;
  /** Looks again and again until `stop`. */
  start(): void;
  /** Resolves when the look in progress is over. */
  stop(): Promise<void>;
}

/** For how many seconds of chain time blocks without events are left for the next write. */
const QUIET_SECONDS = 2n;

/** Finalized blocks up to `to`, and the settlements of the blocks above the finalized one. */
interface TakenIn {
  readonly to: bigint;
  readonly pending: readonly ChainSettlement[];
}

/** Waits between looks grow up to this while the node does not answer. */
const MAX_WAIT_MS = 5_000;

/**
 * Follows the chain (§5 rule 5, §10): deposits from finalized blocks only, each range once and in order, and stage
 * changes of settled payments. Whatever the node does, the ledger only ever moves forward along the one chain that it
 * has known from its first block on.
 */
export function createWatcher(options: WatcherOptions, dependencies: WatcherDependencies): Watcher {
  const { source, validator, state, reserveCheck, metrics, log, fatal, onWrongReserve, onLooked } = dependencies;
  const inclusions = createInclusions();
  const review = createReview(validator, () => performance.now());
  let failures = 0;
  let highestFinalized = 0n;
  let isBehind = false;
  let lastSeen = '';
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let stopped = false;

  async function follow(): Promise<void> {
    const head = await source.head();
    state.setHead(head);
    metrics.latestHeight.set(Number(head.latest.height));
    metrics.finalizedHeight.set(Number(head.finalized.height));
    if (noteDirection(head.finalized)) return;
    const seen = `${head.finalized.hash} ${head.latest.hash}`;
    if (seen === lastSeen) return;
    const pending = await catchUp(head);
    if (!pending) return;
    await applySettlements(inclusions.observePending(pending));
    await applySettlements(inclusions.observeStored(review.next()));
    lastSeen = seen;
  }

  /**
   * Takes in every finalized block that is new, and returns the settlements of those above: undefined when the chain is
   * another one, or the process stops.
   */
  async function catchUp(head: ChainHead): Promise<readonly ChainSettlement[] | undefined> {
    const { finalized } = head;
    let mayWait = true;
    while (!stopped) {
      const applied = validator.finalized();
      if (applied && applied.height >= finalized.height) {
        return (await isKnownChain(finalized)) ? pendingIn(head) : undefined;
      }
      const from = applied ? applied.height + 1n : firstBlock(finalized);
      const taken = await takeIn(from, head, mayWait);
      if (!taken) return undefined;
      if (taken.to === finalized.height) return taken.pending;
      mayWait = false;
    }
    return undefined;
  }

  async function pendingIn({ finalized, latest }: ChainHead): Promise<readonly ChainSettlement[]> {
    if (latest.height <= finalized.height) return [];
    return await source.settlements(finalized.height + 1n, latest.height);
  }

  /** True while the node knows less than it did before, or than the ledger does. */
  function noteDirection(finalized: FinalizedBlock): boolean {
    const applied = validator.finalized()?.height ?? 0n;
    if (applied > highestFinalized) highestFinalized = applied;
    if (finalized.height >= highestFinalized) {
      if (isBehind) log.info({ finalized: finalized.height.toString() }, 'the node has caught up');
      isBehind = false;
      highestFinalized = finalized.height;
      return false;
    }
    if (!isBehind) {
      isBehind = true;
      reserveCheck.repeat();
      review.repeat();
      metrics.chainBackwards.inc();
      const facts = { finalized: finalized.height.toString(), known: highestFinalized.toString() };
      log.warn(facts, 'the node reports an older finalized block than before; waiting for it to catch up');
    }
    state.setTrouble(`the node is at finalized block ${finalized.height}, but ${highestFinalized} was known before`);
    return true;
  }

  /** Holds the block that the ledger stands on against the node's block of that height. */
  async function isKnownChain(finalized: FinalizedBlock): Promise<boolean> {
    const applied = validator.finalized();
    if (!applied) return true;
    const theirs = applied.height === finalized.height ? finalized : await source.block(applied.height);
    if (theirs?.hash === applied.hash) {
      if (state.foreignReason() !== undefined) log.info('the node is on the chain of this store again');
      setForeign(undefined);
      return true;
    }
    declareForeign(`block ${applied.height} is ${theirs?.hash ?? 'missing'} there, but ${applied.hash} in the store`);
    return false;
  }

  function declareForeign(difference: string): void {
    if (state.foreignReason() === undefined) log.error({ difference }, FOREIGN_CHAIN);
    setForeign(`${FOREIGN_CHAIN} (${difference})`);
  }

  function setForeign(reason: string | undefined): void {
    state.setForeign(reason);
    metrics.chainForeign.set(reason === undefined ? 0 : 1);
  }

  /**
   * One bounded range of finalized blocks, its settlements before its deposits: the latter move the mark. Where the
   * range reaches, the blocks above are read with it, at the price of one question.
   */
  async function takeIn(from: bigint, head: ChainHead, mayWait: boolean): Promise<TakenIn | undefined> {
    const { finalized, latest } = head;
    const end = from + BigInt(options.rangeBlocks) - 1n;
    const to = lower(end, finalized.height);
    const isAll = latest.height <= end;
    const [events, last] = await Promise.all([
      source.events(from, isAll ? latest.height : to),
      to === finalized.height ? finalized : source.block(to),
    ]);
    if (!last) throw new Error(`the node has no block ${to} although it has finalized ${finalized.height}`);
    // Asked after the events were read: whatever the node was exchanged for meanwhile is not taken in.
    if (!(await isKnownChain(finalized))) return undefined;
    const isFinal = ({ block }: { readonly block: ChainBlock }) => block.height <= to;
    const deposits = events.deposits.filter(isFinal);
    const exits = events.exits.filter(isFinal);
    const settlements = events.settlements.filter(({ settlement }) => isFinal(settlement));
    const pending = isAll ? events.settlements.filter(({ settlement }) => !isFinal(settlement)) : await pendingIn(head);
    const isQuiet = deposits.length + settlements.length + exits.length === 0;
    // Empty blocks are read again with the next: a durable write for each would cost more than all the rest of watching.
    if (!(mayWait && isQuiet && isRecent(last))) await takeInEvents({ deposits, settlements, exits }, last);
    return { to, pending };
  }

  function isRecent({ timestamp }: FinalizedBlock): boolean {
    const applied = validator.finalized();
    return applied !== undefined && timestamp - applied.timestamp < QUIET_SECONDS;
  }

  async function takeInEvents({ deposits, settlements, exits }: ChainEvents, last: FinalizedBlock): Promise<void> {
    const next = validator.nextDepositIndex();
    let fresh = freshDeposits(deposits, next);
    if (!isContiguous(fresh, next)) fresh = await missedDeposits(next, last.height);
    await applySettlements(inclusions.observeFinal(settlements));
    await validator.applyFinalized(last, { deposits: fresh, exits });
    metrics.deposits.inc(fresh.length);
    metrics.appliedHeight.set(Number(last.height));
    metrics.exits.inc(exits.length);
    if (fresh.length > 0) log.info({ deposits: fresh.length, height: last.height.toString() }, 'deposits taken in');
  }

  /** The block where a new store begins to read: none before it can hold an event of the reserve. */
  function firstBlock(finalized: FinalizedBlock): bigint {
    return lower(reserveCheck.deploymentHeight(), finalized.height);
  }

  /** Reads everything again when an index is missing: some nodes answer for blocks whose logs they do not have yet. */
  async function missedDeposits(next: bigint, to: bigint): Promise<readonly Deposit[]> {
    log.warn({ index: next.toString() }, 'the node left out a deposit before; reading all blocks again');
    const found: Deposit[] = [];
    for (let from = reserveCheck.deploymentHeight(); from <= to; from += BigInt(options.rangeBlocks)) {
      const end = from + BigInt(options.rangeBlocks) - 1n;
      found.push(...freshDeposits(await source.deposits(from, lower(end, to)), next));
    }
    const fresh = freshDeposits(found, next);
    if (!isContiguous(fresh, next)) throw new Error(`the node does not show deposit ${next}`);
    return fresh;
  }

  async function applySettlements(observations: readonly SettlementObservation[]): Promise<void> {
    if (observations.length === 0) return;
    await validator.applySettlements(observations);
    for (const { stage } of observations) metrics.settlements.inc({ stage });
  }

  async function look(): Promise<void> {
    await tryToLook();
    onLooked();
  }

  async function tryToLook(): Promise<void> {
    try {
      const problem = await reserveCheck.run();
      if (problem !== undefined) {
        if (!validator.finalized()) onWrongReserve(problem);
        declareForeign(problem);
        return;
      }
      await follow();
      if (failures > 0) log.info({ failures }, 'the node answers again');
      failures = 0;
      if (!isBehind) state.setTrouble(undefined);
    } catch (error) {
      if (error instanceof StoreCorruptionError) fatal('the store is corrupt', error);
      if (error instanceof ChainMismatchError) declareForeign(error.message);
      failures++;
      reserveCheck.repeat();
      review.repeat();
      lastSeen = '';
      metrics.chainErrors.inc();
      const trouble = describeTrouble(error);
      state.setTrouble(trouble);
      // Once when it begins, then rarely: the metric counts them all.
      if (failures === 1 || failures % 100 === 0) log.warn({ failures, trouble }, 'looking at the chain failed');
    }
  }

  function schedule(): void {
    const waitMs = Math.min(
      options.pollIntervalMs * 2 ** Math.min(failures, 10),
      Math.max(MAX_WAIT_MS, options.pollIntervalMs),
    );
    timer = setTimeout(() => {
      current = look().finally(() => {
        if (!stopped) schedule();
      });
    }, waitMs);
  }

  return {
    look,
    start: () => {
      current = look().finally(() => {
        if (!stopped) schedule();
      });
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}

function lower(left: bigint, right: bigint): bigint {
  return left > right ? right : left;
}

const FOREIGN_CHAIN =
  "this store belongs to another chain than the node's: restore the node's state, or start a new network (npm start -- --fresh on a devnet)";
