import { type AccountId, type Address, type Hash, type Hex, toAddress, toHash } from '@fastpay/protocol';
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

/** Why the reserve did nothing with an entry of a batch; in the contract's order. */
export const outcomes = [
  'NOT_REACHED',
  'SETTLED',
  'ALREADY_SETTLED',
  'MALFORMED',
  'OTHER_ASSET',
  'OTHER_EPOCH',
  'BEYOND_WINDOW',
  'INVALID_ORDER',
  'INSUFFICIENT_BALANCE',
  'INVALID_PAYER_SIGNATURE',
  'INVALID_COMMIT',
  'NO_QUORUM',
  'BALANCE_TOO_LARGE',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What happened in a transaction to the reserve; amounts in base units. */
export type ReserveEvent = LogPosition &
  (
    | { readonly type: 'deposited'; readonly index: bigint; readonly account: AccountId; readonly amount: bigint }
    | { readonly type: 'settled'; readonly account: AccountId; readonly sequence: bigint; readonly value: Hash }
    | { readonly type: 'passedOver'; readonly index: number; readonly reason: Outcome }
    | { readonly type: 'stopped'; readonly index: number }
    | { readonly type: 'owed'; readonly asset: Address; readonly recipient: Address; readonly amount: bigint }
    | { readonly type: 'released'; readonly asset: Address; readonly recipient: Address; readonly amount: bigint }
    /** `readyAt` in unix seconds: from then on the exit can be executed. */
    | { readonly type: 'exitRequested'; readonly account: AccountId; readonly readyAt: bigint }
    | { readonly type: 'exitCancelled'; readonly account: AccountId }
    /** The account's whole balance left the ledger. */
    | { readonly type: 'exited'; readonly account: AccountId; readonly amount: bigint }
  );

const events = {
  deposited: AbiEvent.fromAbi(reserveAbi, 'Deposited'),
  settled: AbiEvent.fromAbi(reserveAbi, 'Settled'),
  passedOver: AbiEvent.fromAbi(reserveAbi, 'PassedOver'),
  stopped: AbiEvent.fromAbi(reserveAbi, 'Stopped'),
  owed: AbiEvent.fromAbi(reserveAbi, 'Owed'),
  released: AbiEvent.fromAbi(reserveAbi, 'Released'),
  exitRequested: AbiEvent.fromAbi(reserveAbi, 'ExitRequested'),
  exitCancelled: AbiEvent.fromAbi(reserveAbi, 'ExitCancelled'),
  exited: AbiEvent.fromAbi(reserveAbi, 'Exited'),
};

/** First topic of the events that a watcher asks for. */
export const eventTopics = {
  deposited: AbiEvent.getSelector(events.deposited),
  settled: AbiEvent.getSelector(events.settled),
  exitRequested: AbiEvent.getSelector(events.exitRequested),
  exitCancelled: AbiEvent.getSelector(events.exitCancelled),
  exited: AbiEvent.getSelector(events.exited),
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
    return [{ ...positionOf(log), ...decodeBody(topics, dataIn(log.data, 'log data')) }];
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

type Body<Event> = Event extends ReserveEvent ? Omit<Event, keyof LogPosition> : never;

function decodeBody([selector, ...indexed]: readonly Hash[], data: Hex): Body<ReserveEvent> {
  if (selector === undefined) throw new TempoError('BAD_ANSWER', 'the reserve has no event without a name');
  const log = { topics: [selector, ...indexed] as const, data };
  try {
    switch (selector) {
      case eventTopics.deposited: {
        const { index, asset, account, amount } = AbiEvent.decode(events.deposited, log);
        return { type: 'deposited', index, account: accountOf(account, asset), amount };
      }
      case eventTopics.settled: {
        const { account, asset, sequence, value } = AbiEvent.decode(events.settled, log);
        return { type: 'settled', account: accountOf(account, asset), sequence, value: toHash(value) };
      }
      case AbiEvent.getSelector(events.passedOver): {
        const { index, reason } = AbiEvent.decode(events.passedOver, log);
        return { type: 'passedOver', index: Number(index), reason: outcomeOf(reason) };
      }
      case AbiEvent.getSelector(events.stopped):
        return { type: 'stopped', index: Number(AbiEvent.decode(events.stopped, log).index) };
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
