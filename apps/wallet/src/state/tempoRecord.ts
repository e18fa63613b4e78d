import { type Address, fromHex, type Hash, type Hex, RejectError, toAddress, toHash, toHex } from '@fastpay/protocol';
import type { SignedTransfer, TransactionOutcome } from '../platform/ports.ts';

/** What a wallet does on Tempo itself, with a transaction of its own. */
export const tempoActions = ['deposit', 'transfer', 'settle', 'requestExit', 'cancelExit', 'exit', 'release'] as const;
export type TempoActionType = (typeof tempoActions)[number];

/** Where such a transaction stands; each step is something this device has observed. */
const stageOrder = ['sent', 'included', 'finalized', 'credited'] as const;
export type TempoStage = (typeof stageOrder)[number];

const stageNames: Record<TempoStage, string> = {
  sent: 'Sent',
  included: 'In a block',
  finalized: 'Final',
  credited: 'Credited',
};

export function tempoStageName(stage: TempoStage): string {
  return stageNames[stage];
}

export function tempoFailureName(failure: 'reverted' | 'expired'): string {
  return failure === 'reverted' ? 'Reverted' : 'Not included';
}

/** Only a deposit goes on after its block is final: the validators credit it. */
export function stagesOf(type: TempoActionType): readonly TempoStage[] {
  return type === 'deposit' ? stageOrder : stageOrder.slice(0, 3);
}

const titles: Record<TempoActionType, string> = {
  deposit: 'Deposit',
  transfer: 'Sent on Tempo',
  settle: 'Settled by you',
  requestExit: 'Exit requested',
  cancelExit: 'Exit called off',
  exit: 'Exit',
  release: 'Fetched from the reserve',
};

export function tempoTitle(type: TempoActionType): string {
  return titles[type];
}

/** A transaction made from this device, followed until its last stage; survives a reload. */
export interface TempoRecord {
  readonly type: TempoActionType;
  readonly transactionHash: Hash;
  /** The signed transaction, kept until it is in a block so that it can be sent again after a reload. */
  readonly rawTransaction?: Hex;
  /** Base units that it moves; 0 when it moves none. */
  readonly amount: bigint;
  /** Whom a transfer goes to. */
  readonly recipient?: Address;
  /** The payment that it settles. */
  readonly payment?: Hash;
  /** Who pays for its gas, by the name that they gave themselves; its owner unless given. */
  readonly sponsor?: string;
  /** Unix seconds; from then on no block takes it. */
  readonly validBefore?: bigint;
  readonly stage: TempoStage;
  /** The transaction is in a block and did nothing, or is in none and never will be. */
  readonly failed: false | 'reverted' | 'expired';
  readonly height?: bigint;
  /** Unix milliseconds at which each stage was first seen. */
  readonly reachedAtMs: Readonly<Partial<Record<TempoStage, number>>>;
}

export function isOpen(record: TempoRecord): boolean {
  return !record.failed && record.stage !== stagesOf(record.type).at(-1);
}

/** What the world shows of a transaction at one moment. */
export interface TempoObservation {
  readonly outcome?: TransactionOutcome;
  /** Of the chain's `finalized` block. */
  readonly finalizedHeight?: bigint;
  /** Of the same block, unix seconds, read before the outcome was looked up. */
  readonly finalizedTimestamp?: bigint;
  /** The lowest finalized height among the statements of a quorum: their ledgers hold every deposit up to it. */
  readonly ledgerHeight?: bigint;
}

type Subject = Pick<TempoRecord, 'type' | 'amount' | 'recipient' | 'payment' | 'sponsor'>;

export function newTempoRecord(signed: SignedTransfer, subject: Subject, nowMs: number): TempoRecord {
  return { ...subject, ...signed, stage: 'sent', failed: false, reachedAtMs: { sent: nowMs } };
}

/** Moves a record forward as far as the observation supports, never back. */
export function advanceRecord(record: TempoRecord, seen: TempoObservation, nowMs: number): TempoRecord {
  if (!isOpen(record)) return record;
  const { rawTransaction: _sent, ...included } = record;
  if (seen.outcome && !seen.outcome.success) return { ...included, failed: 'reverted' };
  const height = seen.outcome?.height ?? record.height;
  if (height === undefined) return isTooLate(record, seen) ? { ...included, failed: 'expired' } : record;
  const isFinal = seen.finalizedHeight !== undefined && seen.finalizedHeight >= height;
  const isCredited = record.type === 'deposit' && seen.ledgerHeight !== undefined && seen.ledgerHeight >= height;
  const stage: TempoStage = isCredited ? 'credited' : isFinal ? 'finalized' : 'included';
  if (stageOrder.indexOf(stage) <= stageOrder.indexOf(record.stage)) return { ...included, height };
  // A stage that was passed between two looks has no time of its own.
  return { ...included, height, stage, reachedAtMs: { ...record.reachedAtMs, [stage]: nowMs } };
}

/** What no block had when a final block was past its time is in none. */
function isTooLate({ validBefore }: TempoRecord, { finalizedTimestamp }: TempoObservation): boolean {
  return validBefore !== undefined && finalizedTimestamp !== undefined && finalizedTimestamp >= validBefore;
}

const KEPT = 40;

export function writeRecords(records: readonly TempoRecord[]): string {
  return JSON.stringify(
    records.slice(0, KEPT).map(({ amount, height, validBefore, ...rest }) => ({
      ...rest,
      amount: `${amount}`,
      ...(height === undefined ? {} : { height: `${height}` }),
      ...(validBefore === undefined ? {} : { validBefore: `${validBefore}` }),
    })),
  );
}

/** Reads what `writeRecords` wrote; damaged entries are dropped, for the chain and the ledger know the truth. */
export function readRecords(text: string | undefined): readonly TempoRecord[] {
  if (text === undefined) return [];
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.flatMap((entry) => readOne(entry as Record<string, unknown>)) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function readOne(entry: Record<string, unknown>): readonly TempoRecord[] {
  const type = tempoActions.find((known) => known === entry.type);
  const stage = stageOrder.find((known) => known === entry.stage);
  const reached = entry.reachedAtMs;
  if (!type || !stage || typeof reached !== 'object' || reached === null) return [];
  try {
    const reachedAtMs: Partial<Record<TempoStage, number>> = {};
    for (const known of stageOrder) {
      const at = (reached as Record<string, unknown>)[known];
      if (typeof at === 'number') reachedAtMs[known] = at;
    }
    return [
      {
        type,
        transactionHash: toHash(String(entry.transactionHash)),
        ...(entry.rawTransaction === undefined ? {} : { rawTransaction: toHex(fromHex(String(entry.rawTransaction))) }),
        amount: BigInt(String(entry.amount)),
        ...(entry.recipient === undefined ? {} : { recipient: toAddress(String(entry.recipient)) }),
        ...(entry.payment === undefined ? {} : { payment: toHash(String(entry.payment)) }),
        ...(entry.sponsor === undefined ? {} : { sponsor: String(entry.sponsor) }),
        ...(entry.validBefore === undefined ? {} : { validBefore: BigInt(String(entry.validBefore)) }),
        stage,
        failed: failureOf(entry.failed),
        ...(entry.height === undefined ? {} : { height: BigInt(String(entry.height)) }),
        reachedAtMs,
      },
    ];
  } catch (error) {
    if (error instanceof RejectError || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** `true` was written before a transaction could expire. */
function failureOf(stored: unknown): TempoRecord['failed'] {
  if (stored === true || stored === 'reverted') return 'reverted';
  return stored === 'expired' ? 'expired' : false;
}
