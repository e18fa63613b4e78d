import { type Address, type Hash, MAX_U64 } from './brand.ts';
import { RejectError } from './reject.ts';
import type { AccountId, Slot } from './slot.ts';

export const ACCOUNT_BYTES = 40;
export const SLOT_BYTES = ACCOUNT_BYTES + 8;

/**
 * Writes big-endian fields one after the other into bytes of a known length. Messages are built on every vote and
 * every commit, so nothing is allocated between the fields, nor a view of the bytes: it would take short ones off the
 * heap, at several times their price.
 */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }

  raw(part: Uint8Array): this {
    this.#bytes.set(part, this.#offset);
    this.#offset += part.length;
    return this;
  }

  u8(value: number): this {
    this.#bytes[this.#advance(1)] = bounded(value, 0xff);
    return this;
  }

  u16(value: number): this {
    const whole = bounded(value, 0xffff);
    const offset = this.#advance(2);
    this.#bytes[offset] = whole >>> 8;
    this.#bytes[offset + 1] = whole;
    return this;
  }

  /** @throws RejectError INVALID_FORMAT unless 0 ≤ value < 2^64 and whole. */
  u64(value: bigint | number): this {
    const whole = typeof value === 'number' ? BigInt(bounded(value, Number.MAX_SAFE_INTEGER)) : value;
    if (whole < 0n || whole > MAX_U64) throw new RejectError('INVALID_FORMAT', `${value} does not fit in 8 bytes`);
    eightBytesView.setBigUint64(0, whole);
    this.#bytes.set(eightBytes, this.#advance(8));
    return this;
  }

  address(address: Address): this {
    return this.#hex(address, 20);
  }

  hash(hash: Hash): this {
    return this.#hex(hash, 32);
  }

  /** owner 20 ‖ asset 20. */
  account({ owner, asset }: AccountId): this {
    return this.address(owner).address(asset);
  }

  /** owner 20 ‖ asset 20 ‖ sequence u64 (§4). */
  slot(slot: Slot): this {
    return this.account(slot).u64(slot.sequence);
  }

  /** An integer below 2^64 as an EIP-712 word of 32 bytes. */
  u64Word(value: bigint | number): this {
    this.#offset += 24;
    return this.u64(value);
  }

  /** An address as an EIP-712 word of 32 bytes. */
  addressWord(address: Address): this {
    this.#offset += 12;
    return this.address(address);
  }

  /** The bytes, all of them written. */
  finish(): Uint8Array {
    if (this.#offset !== this.#bytes.length) {
      throw new Error(`wrote ${this.#offset} of ${this.#bytes.length} bytes`);
    }
    return this.#bytes;
  }

  #advance(length: number): number {
    const offset = this.#offset;
    this.#offset += length;
    return offset;
  }

  /** Addresses and hashes were checked when they got their type; this only catches a broken cast. */
  #hex(text: string, length: number): this {
    if (text.length !== 2 + 2 * length) throw new Error(`expected ${length} bytes of hexadecimal`);
    for (let index = 0, position = 2; index < length; index++, position += 2) {
      const high = digit(text.charCodeAt(position));
      const low = digit(text.charCodeAt(position + 1));
      if ((high | low) > 15) throw new Error(`expected ${length} bytes of hexadecimal`);
      this.#bytes[this.#offset + index] = (high << 4) | low;
    }
    this.#offset += length;
    return this;
  }
}

/** For one integer, within one call. */
const eightBytes = new Uint8Array(8);
const eightBytesView = new DataView(eightBytes.buffer);

/** The value of a hexadecimal digit by its character code; 255 for anything else. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return 255;
}

function bounded(value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RejectError('INVALID_FORMAT', `${value} is not a whole number from 0 to ${most}`);
  }
  return value;
}
