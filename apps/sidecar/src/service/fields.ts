import { type Address, addressFromBytes, type Hash, hashFromBytes, RejectError } from '@fastpay/protocol';

/** @throws RejectError INVALID_FORMAT that names the field. */
export function hashOf(bytes: Uint8Array, at: string): Hash {
  if (bytes.length !== 32) throw new RejectError('INVALID_FORMAT', `${at}: has 32 bytes`);
  return hashFromBytes(bytes);
}

/** @throws RejectError INVALID_FORMAT that names the field. */
export function addressOf(bytes: Uint8Array, at: string): Address {
  if (bytes.length !== 20) throw new RejectError('INVALID_FORMAT', `${at}: has 20 bytes`);
  return addressFromBytes(bytes);
}
