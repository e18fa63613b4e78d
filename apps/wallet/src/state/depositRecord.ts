import { fromHex, type Hash, type Hex, RejectError, toHash, toHex } from '@fastpay/protocol';

import type { TransactionOutcome } from '../platform/ports.ts';

/** Where a deposit stands; each step is something this device has observed. */
export const depositStages = ['sent', 'included', 'finalized', 'credited'] as const;
export type DepositStage = (typeof depositStages)[number];

const stageNames: Record<DepositStage, string> = {
  sent: 'Sent',
  included: 'In a block',
  finalized: 'Final',
  credited: 'Credited',
};

export function depositStageName(stage: DepositStage): string {
  return stageNames[stage];
}

/** A deposit made from this device, followed until it is credited; survives a reload. */
export interface DepositRecord {
  readonly transactionHash: Hash;
  /** The signed transaction, kept until it is in a block so that it can be sent again after a reload. */
  readonly rawTransaction?: Hex;
  readonly amount: bigint;
  readonly stage: DepositStage;
  /** The transaction is in a block and did nothing. */
  readonly failed: boolean;
  readonly height?: bigint;
  /** Unix milliseconds at which each stage was first seen. */
  readonly reachedAtMs: Readonly<Partial<Record<DepositStage, number>>>;
}

/** What the world shows of a deposit at one moment. */
export interface DepositObservation {
  readonly outcome?: TransactionOutcome;
  /** Of the chain's `finalized` block. */
  readonly finalizedHeight?: bigint;
  /** The lowest finalized height among the statements of a quorum: their ledgers hold every deposit up to it. */
  readonly ledgerHeight?: bigint;
}

export function newDeposit(
  { transactionHash, rawTransaction }: { readonly transactionHash: Hash; readonly rawTransaction: Hex },
  amount: bigint,
  nowMs: number,
): DepositRecord {
  return { transactionHash, rawTransaction, amount, stage: 'sent', failed: false, reachedAtMs: { sent: nowMs } };
}

/** Moves a record forward as far as the observation supports, never back. */
export function advanceDeposit(record: DepositRecord, seen: DepositObservation, nowMs: number): DepositRecord {
  if (record.failed || record.stage === 'credited') return record;
  const { rawTransaction: _sent, ...included } = record;
  if (seen.outcome && !seen.outcome.success) return { ...included, failed: true };
  const height = seen.outcome?.height ?? record.height;
  if (height === undefined) return record;
  const isFinal = seen.finalizedHeight !== undefined && seen.finalizedHeight >= height;
  const isCredited = seen.ledgerHeight !== undefined && seen.ledgerHeight >= height;
  const stage: DepositStage = isCredited ? 'credited' : isFinal ? 'finalized' : 'included';
  if (depositStages.indexOf(stage) <= depositStages.indexOf(record.stage)) return { ...included, height };
  // A stage that was passed between two looks has no time of its own.
  return { ...included, height, stage, reachedAtMs: { ...record.reachedAtMs, [stage]: nowMs } };
}

const KEPT = 20;

export function writeDeposits(records: readonly DepositRecord[]): string {
  return JSON.stringify(
    records.slice(0, KEPT).map(({ amount, height, ...rest }) => ({
      ...rest,
      amount: `${amount}`,
      ...(height === undefined ? {} : { height: `${height}` }),
    })),
  );
}

/** Reads what `writeDeposits` wrote; damaged entries are dropped, for the chain and the ledger know the truth. */
export function readDeposits(text: string | undefined): readonly DepositRecord[] {
  if (text === undefined) return [];
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.flatMap((entry) => readOne(entry as Record<string, unknown>)) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function readOne(entry: Record<string, unknown>): readonly DepositRecord[] {
  const stage = depositStages.find((known) => known === entry.stage);
  const reached = entry.reachedAtMs;
  if (!stage || typeof reached !== 'object' || reached === null) return [];
  try {
    const reachedAtMs: Partial<Record<DepositStage, number>> = {};
    for (const known of depositStages) {
      const at = (reached as Record<string, unknown>)[known];
      if (typeof at === 'number') reachedAtMs[known] = at;
    }
    return [
      {
        transactionHash: toHash(String(entry.transactionHash)),
        ...(entry.rawTransaction === undefined ? {} : { rawTransaction: toHex(fromHex(String(entry.rawTransaction))) }),
        amount: BigInt(String(entry.amount)),
        stage,
        failed: entry.failed === true,
        ...(entry.height === undefined ? {} : { height: BigInt(String(entry.height)) }),
        reachedAtMs,
      },
    ];
  } catch (error) {
    if (error instanceof RejectError || error instanceof SyntaxError) return [];
    throw error;
  }
}
