import { type Address, type Hash, type Hex, toAddress, toHash } from '@fastpay/protocol';
import { TempoError } from './errors.ts';

/** Reads members of JSON-RPC answers; whatever is not as promised is a BAD_ANSWER that names the member. */

export type AnswerObject = Record<string, unknown>;

export function objectIn(value: unknown, name: string): AnswerObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(name, 'an object');
  return value as AnswerObject;
}

export function arrayIn(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected(name, 'a list');
  return value;
}

/** A hexadecimal number of at most 256 bits. */
export function quantityIn(value: unknown, name: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw unexpected(name, 'a number');
  return BigInt(value);
}

export function hashIn(value: unknown, name: string): Hash {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) throw unexpected(name, 'a hash');
  return toHash(value);
}

export function addressIn(value: unknown, name: string): Address {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) throw unexpected(name, 'an address');
  return toAddress(value);
}

export function dataIn(value: unknown, name: string): Hex {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) throw unexpected(name, 'bytes');
  return value.toLowerCase() as Hex;
}

function unexpected(name: string, what: string): TempoError {
  return new TempoError('BAD_ANSWER', `${name}: the node's answer is not ${what}`);
}
