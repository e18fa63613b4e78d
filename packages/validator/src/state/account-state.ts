import { ByteWriter } from '@fastpay/protocol';
import { readFlag, readRow } from './row.ts';

/** The ledger's line of one account (§5). */
export interface AccountState {
  /** Deposits + credits − debits − fees of resolved slots; below zero only while this validator lags. */
  readonly balance: bigint;
  /** First unresolved slot. */
  readonly next: bigint;
  /** Slots above `next` that are resolved already: bit i stands for slot `next` + i; bit 0 is never set. */
  readonly resolvedAhead: bigint;
  /** Proof of a broken assumption was seen here: nothing is signed or debited any more. */
  readonly isHalted: boolean;
}

export const NEW_ACCOUNT: AccountState = { balance: 0n, next: 0n, resolvedAhead: 0n, isHalted: false };

const I128_LIMIT = 1n << 127n;

/** balance i128 ‖ next u64 ‖ resolvedAhead u64 ‖ halted u8. */
export function encodeAccountState({ balance, next, resolvedAhead, isHalted }: AccountState): Uint8Array {
  // 2^64 resolutions of 2^64 base units each would be needed to get there.
  if (balance >= I128_LIMIT || balance < -I128_LIMIT) throw new RangeError('a balance left 128 bits');
  return new ByteWriter(33)
    .u64(BigInt.asUintN(64, balance >> 64n))
    .u64(BigInt.asUintN(64, balance))
    .u64(next)
    .u64(resolvedAhead)
    .u8(isHalted ? 1 : 0)
    .finish();
}

export function decodeAccountState(bytes: Uint8Array): AccountState {
  return readRow('an account', bytes, (reader) => ({
    balance: BigInt.asIntN(128, (reader.u64() << 64n) | reader.u64()),
    next: reader.u64(),
    resolvedAhead: reader.u64(),
    isHalted: readFlag(reader),
  }));
}
