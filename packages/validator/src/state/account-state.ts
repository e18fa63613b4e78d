import { type ByteReader, ByteWriter } from '@fastpay/protocol';
import { readFlag, readI128, readRow, writeI128 } from './row.ts';

/** The ledger's line of one account (§5). */
export interface AccountState {
  /** Deposits + credits − debits − fees of resolved slots − exits; below zero only while this validator lags. */
  readonly balance: bigint;
  /** First unresolved slot. */
  readonly next: bigint;
  /** Slots above `next` that are resolved already: bit i stands for slot `next` + i; bit 0 is never set. */
  readonly resolvedAhead: bigint;
  /** Proof of a broken assumption was seen here: nothing is signed or debited any more. */
  readonly isHalted: boolean;
  /** Payments to and from the account that are resolved here and were not seen final on chain. */
  readonly unsettledCount: bigint;
  /** What those bring, base units. */
  readonly unsettledIn: bigint;
  /** What those cost, base units, fees included. */
  readonly unsettledOut: bigint;
  /** Absent as long as no exit was ever requested. */
  readonly exit?: AccountExit;
}

/** What an account's exits leave behind (§5 rule 6). */
export interface AccountExit {
  /** Unix seconds from which on the reserve lets the owner take everything out; absent unless an exit stands requested. */
  readonly readyAt?: bigint;
  /** The first unresolved slot when the last exit was requested: validators may close it, also after a cancel. */
  readonly closing?: bigint;
  /** The slot that was begun when an exit was executed: no order is committed to there any more. */
  readonly leftOpen?: bigint;
  /** The first unresolved slot when an exit was last executed: from there on an order is committed to only with funds. */
  readonly leftAt?: bigint;
}

export const NEW_ACCOUNT: AccountState = {
  balance: 0n,
  next: 0n,
  resolvedAhead: 0n,
  isHalted: false,
  unsettledCount: 0n,
  unsettledIn: 0n,
  unsettledOut: 0n,
};

/** What of the balance the chain has: deposits − exits + payments seen final there. */
export function onChainBalance({ balance, unsettledIn, unsettledOut }: AccountState): bigint {
  return balance - unsettledIn + unsettledOut;
}

/**
 * Whether the reserve has a word for the account, so that crediting it costs no first write: it holds money, or a slot
 * of it was used. An exit request alone makes none, and an executed exit can clear it.
 */
export function isInReserve(account: AccountState | undefined): boolean {
  return account !== undefined && (account.balance !== 0n || account.next > 0n || account.resolvedAhead > 0n);
}

const EXIT_FIELDS = ['readyAt', 'closing', 'leftOpen', 'leftAt'] as const;

/**
 * balance i128 ‖ next u64 ‖ resolvedAhead u64 ‖ halted u8 ‖ unsettled count u64 ‖ unsettled in i128 ‖ unsettled out i128
 * ‖ exit u8, bit i for its field i ‖ those fields, u64 each.
 */
export function encodeAccountState(account: AccountState): Uint8Array {
  const { balance, next, resolvedAhead, isHalted, unsettledCount, unsettledIn, unsettledOut, exit = {} } = account;
  const fields = EXIT_FIELDS.map((name) => exit[name]);
  const present = fields.filter((value) => value !== undefined);
  const writer = new ByteWriter(74 + 8 * present.length);
  writeI128(writer, balance)
    .u64(next)
    .u64(resolvedAhead)
    .u8(isHalted ? 1 : 0)
    .u64(unsettledCount);
  writeI128(writeI128(writer, unsettledIn), unsettledOut);
  writer.u8(fields.reduce((bits, value, at) => (value === undefined ? bits : bits | (1 << at)), 0));
  for (const value of present) writer.u64(value);
  return writer.finish();
}

export function decodeAccountState(bytes: Uint8Array): AccountState {
  return readRow('an account', bytes, (reader) => {
    const account = {
      balance: readI128(reader),
      next: reader.u64(),
      resolvedAhead: reader.u64(),
      isHalted: readFlag(reader),
      unsettledCount: reader.u64(),
      unsettledIn: readI128(reader),
      unsettledOut: readI128(reader),
    };
    const exit = readExit(reader);
    return exit ? { ...account, exit } : account;
  });
}

function readExit(reader: ByteReader): AccountExit | undefined {
  const bits = reader.u8();
  if (bits >= 1 << EXIT_FIELDS.length) throw new RangeError('an exit has fields that nobody knows');
  const names = EXIT_FIELDS.filter((_, at) => bits & (1 << at));
  return bits === 0 ? undefined : Object.fromEntries(names.map((name) => [name, reader.u64()]));
}
