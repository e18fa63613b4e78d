import {
  type AccountId,
  type Address,
  accountBytes,
  bytesOf,
  concatBytes,
  type Hash,
  type Slot,
  slotBytes,
  unsignedBytes,
} from '@fastpay/protocol';

/**
 * Where everything lies in the store. One letter names the table; integers are big-endian, so that ranges come in
 * order of slots and cursors.
 */

const table = (letter: string): Uint8Array => Uint8Array.of(letter.charCodeAt(0));

const META = table('m');
const CHAIN = table('c');
const ACCOUNT = table('a');
const OPEN_SLOT = table('s');
const RESOLVED = table('r');
const PAYMENT = table('p');
const BULLETIN = table('b');
const BY_OWNER = table('o');
const BY_PAYMENT = table('t');
const OUTBOX = table('q');
const EVIDENCE = table('x');

/** What the store was made for; written once. */
export const metaKey = META;
/** The finalized block taken in last, and the next deposit index. */
export const chainKey = CHAIN;

export function accountRecordKey(account: AccountId): Uint8Array {
  return concatBytes(ACCOUNT, accountBytes(account));
}

/** Promise, votes and lock of an unresolved slot. */
export function openSlotKey(slot: Slot): Uint8Array {
  return concatBytes(OPEN_SLOT, slotBytes(slot));
}

/** The commit certificate that resolved a slot. */
export function resolvedKey(slot: Slot): Uint8Array {
  return concatBytes(RESOLVED, slotBytes(slot));
}

export function paymentKey(transactionHash: Hash): Uint8Array {
  return concatBytes(PAYMENT, bytesOf(transactionHash));
}

/** A slot whose certificate was not seen settled on chain. */
export function outboxKey(slot: Slot): Uint8Array {
  return concatBytes(OUTBOX, slotBytes(slot));
}

/** The second certificate of a slot: proof that a third of the stake lied. */
export function evidenceKey(slot: Slot): Uint8Array {
  return concatBytes(EVIDENCE, slotBytes(slot));
}

/** A set of cursors in ascending order: the whole log, or the part about one owner or payment. */
export type CursorIndex = (cursor: bigint) => Uint8Array;

export const bulletinIndex: CursorIndex = (cursor) => concatBytes(BULLETIN, unsignedBytes(cursor, 8));

export function ownerIndex(owner: Address): CursorIndex {
  return (cursor) => concatBytes(BY_OWNER, bytesOf(owner), unsignedBytes(cursor, 8));
}

export function paymentIndex(transactionHash: Hash): CursorIndex {
  return (cursor) => concatBytes(BY_PAYMENT, bytesOf(transactionHash), unsignedBytes(cursor, 8));
}

/** The cursor at the end of a key that a CursorIndex made. */
export function cursorOf(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0);
}
