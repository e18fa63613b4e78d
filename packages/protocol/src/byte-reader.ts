import { type Address, addressFromBytes, type Hash, hashFromBytes } from './brand.ts';
import { RejectError } from './reject.ts';

/**
 * Reads big-endian fields one after the other.
 * @throws RejectError INVALID_FORMAT from every method when the bytes end too early.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A copy, so that nothing decoded keeps the whole input in memory or changes with it. */
  raw(length: number): Uint8Array {
    const start = this.#advance(length);
    // Not `slice`: a Buffer's shares its memory.
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8));
  }

  address(): Address {
    const start = this.#advance(20);
    return addressFromBytes(this.#bytes.subarray(start, start + 20));
  }

  hash(): Hash {
    const start = this.#advance(32);
    return hashFromBytes(this.#bytes.subarray(start, start + 32));
  }

  /** @throws RejectError INVALID_FORMAT unless everything was read. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new RejectError('INVALID_FORMAT', 'bytes follow after the end');
  }

  #advance(length: number): number {
    const offset = this.#offset;
    if (length > this.#bytes.length - offset) throw new RejectError('INVALID_FORMAT', 'the bytes end too early');
    this.#offset = offset + length;
    return offset;
  }
}
