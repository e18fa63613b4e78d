import { type AccountId, type Address, toHash } from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { arrayIn, hashIn, objectIn, quantityIn } from './answers.ts';
import type { ChainBlock, ChainDeposit, ChainExit, ChainHead, ChainSettlement, TempoChain } from './chain.ts';
import { TempoError } from './errors.ts';
import { ethCall } from './eth-call.ts';
import { reserveAbi } from './gen/reserve.ts';
import { createJsonRpc, type JsonRpc } from './json-rpc.ts';
import { tempoLimits } from './limits.ts';
import { decodeReserveEvents, eventTopics, type ReserveEvent } from './reserve-events.ts';

export interface TempoChainOptions {
  readonly rpcUrl: string;
  /** Address of the reserve contract. */
  readonly reserve: Address;
  /** For each JSON-RPC call. */
  readonly timeoutMs?: number;
}

/** The chain port over the JSON-RPC of a Tempo node. */
export function createTempoChain(
  options: TempoChainOptions,
  dependencies: { readonly rpc?: JsonRpc } = {},
): TempoChain {
  const { rpcUrl, reserve, timeoutMs } = options;
  const rpc = dependencies.rpc ?? createJsonRpc({ url: rpcUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) });

  let last: { readonly head: ChainHead; readonly atMs: number } | undefined;

  async function blockAt(tag: bigint | 'latest' | 'finalized'): Promise<ChainBlock | undefined> {
    const name = typeof tag === 'bigint' ? hex(tag) : tag;
    const answer = await rpc.request('eth_getBlockByNumber', [name, false]);
    if (answer === null) return undefined;
    const block = objectIn(answer, 'block');
    const height = quantityIn(block.number, 'block number');
    if (typeof tag === 'bigint' && height !== tag) throw new TempoError('BAD_ANSWER', 'the node gave another block');
    return {
      height,
      hash: hashIn(block.hash, 'block hash'),
      timestamp: quantityIn(block.timestamp, 'block time'),
    };
  }

  async function taggedBlock(tag: 'latest' | 'finalized'): Promise<ChainBlock> {
    const block = await blockAt(tag);
    // While a node goes over to other blocks it may know of none.
    if (!block) throw new TempoError('REORGANIZED', `the node has no ${tag} block now`);
    return block;
  }

  /** Events in a range with their blocks, after making sure that the chain still holds these blocks. */
  async function eventsIn(topics: readonly string[], from: bigint, to: bigint): Promise<readonly Located[]> {
    if (to - from >= tempoLimits.queryRangeBlocks) {
      throw new RangeError(`a query covers at most ${tempoLimits.queryRangeBlocks} blocks`);
    }
    const found: Located[] = [];
    for (let start = from; start <= to; start += tempoLimits.logRangeBlocks) {
      const end = start + tempoLimits.logRangeBlocks - 1n;
      found.push(...(await eventsInPage(topics, start, end < to ? end : to)));
    }
    return found;
  }

  async function eventsInPage(topics: readonly string[], from: bigint, to: bigint): Promise<readonly Located[]> {
    const filter = { address: reserve, topics: [topics], fromBlock: hex(from), toBlock: hex(to) };
    const logs = arrayIn(await rpc.request('eth_getLogs', [filter]), 'logs');
    const events = decodeReserveEvents(logs, reserve).toSorted(byPosition);
    const blocks = new Map<bigint, ChainBlock>();
    for (const height of new Set(events.map((event) => event.blockHeight))) {
      if (height < from || height > to) throw new TempoError('BAD_ANSWER', 'the node gave an event out of range');
      const block = await blockAt(height);
      if (block) blocks.set(height, block);
    }
    return events.map((event) => {
      const block = blocks.get(event.blockHeight);
      if (block?.hash !== event.blockHash) {
        throw new TempoError('REORGANIZED', `block ${event.blockHeight} changed while its events were read`);
      }
      return { event, block };
    });
  }

  /** Calls a view of the reserve in the latest block. */
  async function view(data: `0x${string}`, what: string): Promise<`0x${string}`> {
    const result = await ethCall(rpc, { to: reserve, data }, what);
    // A call to an address without code succeeds and answers nothing.
    if (result === '0x') throw new TempoError('WRONG_RESERVE', 'there is no reserve contract at this address');
    return result;
  }

  return {
    async head() {
      const latest = await taggedBlock('latest');
      const nowMs = performance.now();
      // What is final moves with new blocks, or soon after them.
      if (last && last.head.latest.hash === latest.hash && nowMs - last.atMs < FINALITY_RECHECK_MS) return last.head;
      const finalized = await taggedBlock('finalized');
      // Asked for later, it may be the newer one.
      const head = { latest: latest.height < finalized.height ? finalized : latest, finalized };
      last = { head, atMs: nowMs };
      return head;
    },

    block: (height) => blockAt(height),

    async deposits(from, to) {
      const located = await eventsIn([eventTopics.deposited], from, to);
      return located.flatMap(toDeposit);
    },

    async settlements(from, to) {
      const located = await eventsIn([eventTopics.settled], from, to);
      return located.flatMap(toSettlement);
    },

    async exits(from, to) {
      const located = await eventsIn(exitTopics, from, to);
      return located.flatMap(toExit);
    },

    async events(from, to) {
      const located = await eventsIn([eventTopics.deposited, eventTopics.settled, ...exitTopics], from, to);
      return {
        deposits: located.flatMap(toDeposit),
        settlements: located.flatMap(toSettlement),
        exits: located.flatMap(toExit),
      };
    },

    async reserveInfo() {
      const [committeeHash, epoch, salt, domainSeparator, depositCount, exitDelay, deploymentBlock] = await Promise.all(
        [
          view(AbiFunction.encodeData(views.committeeHash), 'committee hash'),
          view(AbiFunction.encodeData(views.epoch), 'epoch'),
          view(AbiFunction.encodeData(views.salt), 'salt'),
          view(AbiFunction.encodeData(views.domainSeparator), 'domain separator'),
          view(AbiFunction.encodeData(views.depositCount), 'deposit count'),
          view(AbiFunction.encodeData(views.exitDelay), 'exit delay'),
          view(AbiFunction.encodeData(views.deploymentBlock), 'deployment block'),
        ],
      );
      return {
        committeeHash: hashIn(committeeHash, 'committee hash'),
        epoch: quantityIn(epoch, 'epoch'),
        salt: hashIn(salt, 'salt'),
        domainSeparator: hashIn(domainSeparator, 'domain separator'),
        depositCount: quantityIn(depositCount, 'deposit count'),
        exitDelaySeconds: quantityIn(exitDelay, 'exit delay'),
        deploymentHeight: quantityIn(deploymentBlock, 'deployment block'),
      };
    },

    async accountOnChain({ asset, owner }: AccountId) {
      const [balance, nextSequence, owed] = await Promise.all([
        view(AbiFunction.encodeData(views.balance, [asset, owner]), 'balance'),
        view(AbiFunction.encodeData(views.nextSequence, [asset, owner]), 'next sequence'),
        view(AbiFunction.encodeData(views.owed, [asset, owner]), 'owed'),
      ]);
      return {
        balance: quantityIn(balance, 'balance'),
        nextSequence: quantityIn(nextSequence, 'next sequence'),
        owed: quantityIn(owed, 'owed'),
      };
    },
  };
}

const views = {
  committeeHash: AbiFunction.fromAbi(reserveAbi, 'committeeHash'),
  epoch: AbiFunction.fromAbi(reserveAbi, 'epoch'),
  salt: AbiFunction.fromAbi(reserveAbi, 'salt'),
  domainSeparator: AbiFunction.fromAbi(reserveAbi, 'domainSeparator'),
  depositCount: AbiFunction.fromAbi(reserveAbi, 'depositCount'),
  exitDelay: AbiFunction.fromAbi(reserveAbi, 'exitDelay'),
  deploymentBlock: AbiFunction.fromAbi(reserveAbi, 'deploymentBlock'),
  balance: AbiFunction.fromAbi(reserveAbi, 'balance'),
  nextSequence: AbiFunction.fromAbi(reserveAbi, 'nextSequence'),
  owed: AbiFunction.fromAbi(reserveAbi, 'owed'),
};

/** How often what is final is asked for while no block comes. */
const FINALITY_RECHECK_MS = 1_000;

const exitTopics = [eventTopics.exitRequested, eventTopics.exitCancelled, eventTopics.exited];

interface Located {
  readonly event: ReserveEvent;
  readonly block: ChainBlock;
}

function toDeposit({ event, block }: Located): readonly ChainDeposit[] {
  if (event.type !== 'deposited') return [];
  const { index, account, amount, transactionHash } = event;
  return [{ index, account, amount, block, transactionHash }];
}

function toSettlement({ event, block }: Located): readonly ChainSettlement[] {
  if (event.type !== 'settled') return [];
  const { account, sequence, value, transactionHash } = event;
  return [{ account, sequence, value: toHash(value), settlement: { block, transactionHash } }];
}

function toExit({ event, block }: Located): readonly ChainExit[] {
  switch (event.type) {
    case 'exitRequested': {
      const { account, readyAt, transactionHash } = event;
      return [{ type: 'requested', account, readyAt, block, transactionHash }];
    }
    case 'exitCancelled':
      return [{ type: 'cancelled', account: event.account, block, transactionHash: event.transactionHash }];
    case 'exited': {
      const { account, amount, transactionHash } = event;
      return [{ type: 'executed', account, amount, block, transactionHash }];
    }
    default:
      return [];
  }
}

function byPosition(left: ReserveEvent, right: ReserveEvent): number {
  const difference = left.blockHeight - right.blockHeight || left.logIndex - right.logIndex;
  return difference < 0n ? -1 : Number(difference > 0n);
}

function hex(height: bigint): string {
  return `0x${height.toString(16)}`;
}
