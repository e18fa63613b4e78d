import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { RejectError } from './reject.ts';

/** Lowercase hexadecimal with a `0x` prefix. */
export type Hex = `0x${string}`;

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/**
 * Decodes `0x`-prefixed hexadecimal of either case.
 * @throws RejectError INVALID_FORMAT when the text is not an even number of hex digits after `0x`.
 */
export function fromHex(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) {
    throw new RejectError('INVALID_FORMAT', 'expected an even number of hexadecimal digits after 0x');
  }
  return hexToBytes(hex.slice(2));
}

export function utf8(text: string): Uint8Array {
  return utf8ToBytes(text);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** Keccak-256 as Ethereum uses it (not the FIPS 202 padding). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/**
 * Big-endian unsigned integer of `size` bytes.
 * @throws RejectError INVALID_FORMAT when the value is negative, too large or not whole.
 */
export function unsignedBytes(value: bigint | number, size: number): Uint8Array {
  let rest = toWhole(value);
  if (rest < 0n || rest >> BigInt(size * 8) !== 0n) {
    throw new RejectError('INVALID_FORMAT', `${value} does not fit in ${size} bytes`);
  }
  const out = new Uint8Array(size);
  for (let index = size - 1; index >= 0; index--) {
    out[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

function toWhole(value: bigint | number): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RejectError('INVALID_FORMAT', `${value} is not a whole number`);
  }
  return BigInt(value);
}

/**
 * Big-endian two's complement of `size` bytes.
 * @throws RejectError INVALID_FORMAT when the value does not fit.
 */
export function signedBytes(value: bigint, size: number): Uint8Array {
  const bits = BigInt(size * 8);
  if (value < -(1n << (bits - 1n)) || value >= 1n << (bits - 1n)) {
    throw new RejectError('INVALID_FORMAT', `${value} does not fit in ${size} signed bytes`);
  }
  return unsignedBytes(BigInt.asUintN(Number(bits), value), size);
}
