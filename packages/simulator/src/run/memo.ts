import { type Hash, hashFromBytes, keccak256, utf8 } from '@fastpay/protocol';

/** The memo of a wish with this id: tells it from all others. */
export function memoOf(id: string): Hash {
  return hashFromBytes(keccak256(utf8(id)));
}
