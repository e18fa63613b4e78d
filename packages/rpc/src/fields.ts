import {
  type Address,
  type Amount,
  addressFromBytes,
  type Hash,
  hashFromBytes,
  MAX_U64,
  RejectError,
  type Sequence,
  toAmount,
  toSequence,
} from '@fastpay/protocol';

/**
 * Readers of single fields of an incoming message. `at` is the path of the field as the .proto files name it;
 * every error is a RejectError INVALID_FORMAT that begins with it.
 */

export function invalidField(at: string, problem: string): RejectError {
  return new RejectError('INVALID_FORMAT', `${at}: ${problem}`);
}

export function requiredField<Value>(value: Value | undefined, at: string): Value {
  if (value === undefined) throw invalidField(at, 'is missing');
  return value;
}

/**
 * A field is a view of the whole message it came in, however long that is: what is kept has to be a copy, or whoever
 * sends it decides how much memory it takes.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  // Not `slice`: a Buffer's shares its memory.
  return new Uint8Array(bytes);
}

export function bytesField(bytes: Uint8Array, length: number, at: string): Uint8Array {
  return ownBytes(sized(bytes, length, at));
}

export function addressField(bytes: Uint8Array, at: string): Address {
  return addressFromBytes(sized(bytes, 20, at));
}

export function hashField(bytes: Uint8Array, at: string): Hash {
  return hashFromBytes(sized(bytes, 32, at));
}

function sized(bytes: Uint8Array, length: number, at: string): Uint8Array {
  if (bytes.length !== length) throw invalidField(at, `has ${length} bytes, not ${bytes.length}`);
  return bytes;
}

export function u64Field(value: bigint, at: string): bigint {
  if (value < 0n || value > MAX_U64) throw invalidField(at, 'is a whole number from 0 to 2^64 - 1');
  return value;
}

export function amountField(value: bigint, at: string): Amount {
  return toAmount(u64Field(value, at));
}

export function sequenceField(value: bigint, at: string): Sequence {
  return toSequence(u64Field(value, at));
}

/** A 64-bit field whose values are small enough for a number: milliseconds, rounds. */
export function numberField(value: bigint, maximum: number, at: string): number {
  if (value < 0n || value > BigInt(maximum)) throw invalidField(at, `is a whole number from 0 to ${maximum}`);
  return Number(value);
}

export function indexField(value: number, below: number, at: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= below) {
    throw invalidField(at, `is a whole number from 0 to ${below - 1}`);
  }
  return value;
}

export function textField(text: string, maximumLength: number, at: string): string {
  if (text.length > maximumLength) throw invalidField(at, `has at most ${maximumLength} characters`);
  return text;
}

const I128_LIMIT = 1n << 127n;

/** A signed 128-bit integer as canonical decimal text. */
export function signedDecimalField(text: string, at: string): bigint {
  if (!/^(?:0|-?[1-9]\d{0,38})$/.test(text)) throw invalidField(at, 'is a whole decimal number without leading zeros');
  const value = BigInt(text);
  if (value < -I128_LIMIT || value >= I128_LIMIT) throw invalidField(at, 'is out of the range of 128 bits');
  return value;
}

export function listField<Item>(items: readonly Item[], maximum: number, at: string): readonly Item[] {
  if (items.length > maximum) throw invalidField(at, `has at most ${maximum} items, not ${items.length}`);
  return items;
}
