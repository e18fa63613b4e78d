import { fromHex, type Hex, toHex } from './bytes.ts';
import { RejectError } from './reject.ts';

declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A 20-byte address, lowercase hex with `0x`. Two equal addresses are equal strings. */
export type Address = Brand<Hex, 'Address'>;
/** 32 bytes, lowercase hex with `0x`. Two equal hashes are equal strings. */
export type Hash = Brand<Hex, 'Hash'>;
/** A money amount in the token's base units (6 decimals): 0 ≤ amount < 2^64. */
export type Amount = Brand<bigint, 'Amount'>;
/** The number of a slot in an account: 0 ≤ sequence < 2^64. */
export type Sequence = Brand<bigint, 'Sequence'>;

export const MAX_U64 = (1n << 64n) - 1n;

/** @throws RejectError INVALID_FORMAT unless `text` is `0x` and 40 hex digits. */
export function toAddress(text: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new RejectError('INVALID_FORMAT', 'an address is 0x and 40 hexadecimal digits');
  }
  return text.toLowerCase() as Address;
}

/** @throws RejectError INVALID_FORMAT unless `text` is `0x` and 64 hex digits. */
export function toHash(text: string): Hash {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new RejectError('INVALID_FORMAT', 'a hash is 0x and 64 hexadecimal digits');
  }
  return text.toLowerCase() as Hash;
}

/** @throws RejectError INVALID_FORMAT unless `bytes` holds 20 bytes. */
export function addressFromBytes(bytes: Uint8Array): Address {
  if (bytes.length !== 20) throw new RejectError('INVALID_FORMAT', 'an address is 20 bytes');
  return toHex(bytes) as Hex as Address;
}

/** @throws RejectError INVALID_FORMAT unless `bytes` holds 32 bytes. */
export function hashFromBytes(bytes: Uint8Array): Hash {
  if (bytes.length !== 32) throw new RejectError('INVALID_FORMAT', 'a hash is 32 bytes');
  return toHex(bytes) as Hex as Hash;
}

/** Accepts any bigint in [0, 2^64). @throws RejectError INVALID_FORMAT otherwise. */
export function toAmount(value: bigint): Amount {
  return checkedU64(value, 'an amount') as Amount;
}

/** Accepts any bigint in [0, 2^64). @throws RejectError INVALID_FORMAT otherwise. */
export function toSequence(value: bigint): Sequence {
  return checkedU64(value, 'a sequence') as Sequence;
}

function checkedU64(value: bigint, what: string): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', `${what} is a whole number from 0 to 2^64 - 1`);
  }
  return value;
}

export const ZERO_ADDRESS = toAddress(`0x${'00'.repeat(20)}`);
export const ZERO_HASH = toHash(`0x${'00'.repeat(32)}`);

export function bytesOf(value: Address | Hash): Uint8Array {
  return fromHex(value);
}
