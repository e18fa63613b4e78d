import {
  type AccountId,
  type Address,
  ByteReader,
  fromHex,
  type Hash,
  type Hex,
  toAddress,
  toHash,
} from '@fastpay/protocol';
import * as AbiEvent from 'ox/AbiEvent';
import { addressIn, arrayIn, dataIn, hashIn, objectIn, quantityIn } from './answers.ts';
import { TempoError } from './errors.ts';
import { reserveAbi } from './gen/reserve.ts';

/** The reserve's events, read from logs as JSON-RPC gives them. */

export interface LogPosition {
  readonly blockHeight: bigint;
  readonly blockHash: Hash;
  readonly logIndex: bigint;
  readonly transactionHash: Hash;
}

/** What became of an entry of a batch; in the contract's order (contracts/Outcome.sol). */
export const outcomes = [
  'NOT_REACHED',
  'SETTLED',
  'ALREADY_SETTLED',
  'MALFORMED',
  'OUT_OF_ORDER',
  'INVALID_ORDER',
  'INSUFFICIENT_BALANCE',
  'INVALID_PAYER_SIGNATURE',
  'INVALID_COMMIT',
  'NO_QUORUM',
  'BALANCE_TOO_LARGE',
] as const;
export type Outcome = (typeof outcomes)[number];

/** The slot that an entry of a batch names, and what it was to hold. */
export interface BatchSlot {
  readonly account: AccountId;
  readonly sequence: bigint;
  /** Transaction hash of the payment, or SKIP. */
  readonly value: Hash;
}

/** What happened in a transaction to the reserve; amounts in base units. */
export type ReserveEvent = LogPosition &
  (
    | { readonly type: 'deposited'; readonly index: bigint; readonly account: AccountId; readonly amount: bigint }
    /** The slot is used up by `value`. All entries of a batch have one log, and so one `logIndex`; they are in order. */
    | ({ readonly type: 'settled' } & BatchSlot)
    /** An entry that did nothing. One that was malformed has the zero account and value. */
    | ({ readonly type: 'passedOver'; readonly reason: Outcome } & BatchSlot)
    | { readonly type: 'owed'; readonly asset: Address; readonly recipient: Address; readonly amount: bigint }
    | { readonly type: 'released'; readonly asset: Address; readonly recipient: Address; readonly amount: bigint }
    /** `readyAt` in unix seconds: from then on the exit can be executed. */
    | { readonly type: 'exitRequested'; readonly account: AccountId; readonly readyAt: bigint }
    | { readonly type: 'exitCancelled'; readonly account: AccountId }
    /** The account's whole balance left the ledger. */
    | { readonly type: 'exited'; readonly account: AccountId; readonly amount: bigint }
    | { readonly type: 'rotated'; readonly epoch: bigint; readonly committeeHash: Hash }
  );

const events = {
  deposited: AbiEvent.fromAbi(reserveAbi, 'Deposited'),
  settled: AbiEvent.fromAbi(reserveAbi, 'Settled'),
  owed: AbiEvent.fromAbi(reserveAbi, 'Owed'),
  released: AbiEvent.fromAbi(reserveAbi, 'Released'),
  exitRequested: AbiEvent.fromAbi(reserveAbi, 'ExitRequested'),
  exitCancelled: AbiEvent.fromAbi(reserveAbi, 'ExitCancelled'),
  exited: AbiEvent.fromAbi(reserveAbi, 'Exited'),
  rotated: AbiEvent.fromAbi(reserveAbi, 'Rotated'),
};

/** First topic of the events that a watcher asks for. */
export const eventTopics = {
  deposited: AbiEvent.getSelector(events.deposited),
  settled: AbiEvent.getSelector(events.settled),
  exitRequested: AbiEvent.getSelector(events.exitRequested),
  exitCancelled: AbiEvent.getSelector(events.exitCancelled),
  exited: AbiEvent.getSelector(events.exited),
  rotated: AbiEvent.getSelector(events.rotated),
} as const;

/**
 * The reserve's events among `logs`, in order; logs of other contracts (the token's transfers) are left out.
 * @throws TempoError BAD_ANSWER when a log is malformed, REORGANIZED when the node says that it was removed.
 */
export function decodeReserveEvents(logs: readonly unknown[], reserve: Address): readonly ReserveEvent[] {
  return logs.flatMap((item) => {
    const log = objectIn(item, 'log');
    if (addressIn(log.address, 'log address') !== reserve) return [];
    if (log.removed === true) throw new TempoError('REORGANIZED', 'the block of an event was abandoned');
    const topics = arrayIn(log.topics, 'log topics').map((topic) => hashIn(topic, 'log topic'));
    const position = positionOf(log);
    return decodeBodies(topics, dataIn(log.data, 'log data')).map((body) => ({ ...position, ...body }));
  });
}

function positionOf(log: Record<string, unknown>): LogPosition {
  return {
    blockHeight: quantityIn(log.blockNumber, 'log block'),
    blockHash: hashIn(log.blockHash, 'log block hash'),
    logIndex: quantityIn(log.logIndex, 'log index'),
    transactionHash: hashIn(log.transactionHash, 'log transaction'),
  };
}

export type BatchEvent = Extract<ReserveEvent, { readonly type: 'settled' | 'passedOver' }>;
export type Body<Event> = Event extends ReserveEvent ? Omit<Event, keyof LogPosition> : never;

/** What one log tells: of a batch the outcome of every entry, otherwise one event. */
function decodeBodies(topics: readonly Hash[], data: Hex): readonly Body<ReserveEvent>[] {
  const [selector, ...indexed] = topics;
  if (selector !== eventTopics.settled) return [decodeBody(topics, data)];
  return decodeBatchRecords(settledAsset([selector, ...indexed]), data);
}

function settledAsset(topics: readonly [Hash, ...Hash[]]): Address {
  try {
    return toAddress(AbiEvent.decode(events.settled, { topics, data: '0x' }).asset);
  } catch (error) {
    throw malformedEvent(error);
  }
}

const ITEM_BYTES = 60;

/**
 * The outcomes of a batch as the data of the event `Settled` and the answer of `settle` list them (contracts/Items.sol):
 * (account 20 ‖ sequence u64 ‖ value 32) each, then outcome u8 each.
 * @throws TempoError BAD_ANSWER when the bytes are not such a list.
 */
export function decodeBatchRecords(asset: Address, records: Hex): readonly Body<BatchEvent>[] {
  const bytes = fromHex(records);
  const count = bytes.length / (ITEM_BYTES + 1);
  if (!Number.isInteger(count)) throw new TempoError('BAD_ANSWER', 'the list of a batch ends inside an entry');
  const outcomeCodes = bytes.subarray(count * ITEM_BYTES);
  return Array.from(outcomeCodes, (code, index) => {
    const reader = new ByteReader(bytes.subarray(index * ITEM_BYTES, (index + 1) * ITEM_BYTES));
    const reason = outcomeOf(code);
    const slot = { account: { owner: reader.address(), asset }, sequence: reader.u64(), value: reader.hash() };
    return reason === 'SETTLED' ? { type: 'settled', ...slot } : { type: 'passedOver', reason, ...slot };
  });
}

/** What became of each entry, from the same list. @throws as `decodeBatchRecords`. */
export function outcomesIn(asset: Address, records: Hex): readonly Outcome[] {
  return decodeBatchRecords(asset, records).map((event) => (event.type === 'settled' ? 'SETTLED' : event.reason));
}

function decodeBody([selector, ...indexed]: readonly Hash[], data: Hex): Body<ReserveEvent> {
  if (selector === undefined) throw new TempoError('BAD_ANSWER', 'the reserve has no event without a name');
  const log = { topics: [selector, ...indexed] as const, data };
  try {
    switch (selector) {
      case eventTopics.deposited: {
        const { index, asset, account, amount } = AbiEvent.decode(events.deposited, log);
        return { type: 'deposited', index, account: accountOf(account, asset), amount };
      }
      case AbiEvent.getSelector(events.owed):
        return { type: 'owed', ...payoutOf(AbiEvent.decode(events.owed, log)) };
      case AbiEvent.getSelector(events.released):
        return { type: 'released', ...payoutOf(AbiEvent.decode(events.released, log)) };
      case eventTopics.exitRequested: {
        const { asset, account, readyAt } = AbiEvent.decode(events.exitRequested, log);
        return { type: 'exitRequested', account: accountOf(account, asset), readyAt };
      }
      case eventTopics.exitCancelled: {
        const { asset, account } = AbiEvent.decode(events.exitCancelled, log);
        return { type: 'exitCancelled', account: accountOf(account, asset) };
      }
      case eventTopics.exited: {
        const { asset, account, amount } = AbiEvent.decode(events.exited, log);
        return { type: 'exited', account: accountOf(account, asset), amount };
      }
      case eventTopics.rotated: {
        const { epoch, committeeHash } = AbiEvent.decode(events.rotated, log);
        return { type: 'rotated', epoch, committeeHash: toHash(committeeHash) };
      }
    }
  } catch (error) {
    throw malformedEvent(error);
  }
  throw new TempoError('BAD_ANSWER', 'the reserve has no such event');
}

function malformedEvent(cause: unknown): TempoError {
  return new TempoError('BAD_ANSWER', 'an event of the reserve is malformed', {}, { cause });
}

function accountOf(owner: Hex, asset: Hex): AccountId {
  return { owner: toAddress(owner), asset: toAddress(asset) };
}

function payoutOf(event: { readonly asset: Hex; readonly recipient: Hex; readonly amount: bigint }) {
  return { asset: toAddress(event.asset), recipient: toAddress(event.recipient), amount: event.amount };
}

export function outcomeOf(code: number): Outcome {
  const outcome = outcomes[code];
  if (!outcome) throw new TempoError('BAD_ANSWER', `the reserve has no outcome ${code}`);
  return outcome;
}
