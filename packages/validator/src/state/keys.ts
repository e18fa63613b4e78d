import { type AccountId, type Address, ByteWriter, type Hash, MAX_U64, type Slot } from '@fastpay/protocol';

/**
 * Where everything lies in the store. One letter names the table; integers are big-endian, so that ranges come in
 * the order of slots and cursors.
 */
const table = {
  binding: 'm'.charCodeAt(0),
  head: 'h'.charCodeAt(0),
  account: 'a'.charCodeAt(0),
  openSlot: 's'.charCodeAt(0),
  resolution: 'r'.charCodeAt(0),
  standing: 'c'.charCodeAt(0),
  payment: 'p'.charCodeAt(0),
  deposit: 'd'.charCodeAt(0),
  log: 'b'.charCodeAt(0),
  logByOwner: 'o'.charCodeAt(0),
  logByPayment: 't'.charCodeAt(0),
  outbox: 'q'.charCodeAt(0),
  outboxSkip: 'k'.charCodeAt(0),
  unsettledIn: 'i'.charCodeAt(0),
  unsettledOut: 'u'.charCodeAt(0),
  exiting: 'e'.charCodeAt(0),
  alarm: 'x'.charCodeAt(0),
  lockTime: 'l'.charCodeAt(0),
  roundBudget: 'n'.charCodeAt(0),
  evidence: 'v'.charCodeAt(0),
} as const;

/** Above every key; the end of a range over the whole store. */
export const BEYOND_ALL_KEYS = Uint8Array.of(0xff);

/** What the store was made for; written once. */
export const bindingKey = Uint8Array.of(table.binding);
/** Cursors, counters and the view of the chain. */
export const headKey = Uint8Array.of(table.head);

export function accountStateKey(account: AccountId): Uint8Array {
  return new ByteWriter(41).u8(table.account).account(account).finish();
}

/** State of the slot at the account's `next`; there is no other open one. */
export function openSlotKey(account: AccountId): Uint8Array {
  return new ByteWriter(41).u8(table.openSlot).account(account).finish();
}

/** The commit certificate that resolved a slot. */
export function resolutionKey(slot: Slot): Uint8Array {
  return new ByteWriter(49).u8(table.resolution).slot(slot).finish();
}

/** What the chain says about a slot. */
export function standingKey(slot: Slot): Uint8Array {
  return new ByteWriter(49).u8(table.standing).slot(slot).finish();
}

export function paymentKey(transactionHash: Hash): Uint8Array {
  return new ByteWriter(33).u8(table.payment).hash(transactionHash).finish();
}

export function depositKey(index: bigint): Uint8Array {
  return new ByteWriter(9).u8(table.deposit).u64(index).finish();
}

/** Resolved payments that were not seen final on chain, by the cursor of their resolution: the oldest first. */
export const outboxIndex: CursorIndex = (cursor) => new ByteWriter(9).u8(table.outbox).u64(cursor).finish();

/** Skipped slots likewise, apart: they may wait for long and would hide the oldest payment (§5 rule 1). */
export const outboxSkipIndex: CursorIndex = (cursor) => new ByteWriter(9).u8(table.outboxSkip).u64(cursor).finish();

/** Unsettled payments that credit an account, by cursor. */
export function unsettledInIndex(account: AccountId): CursorIndex {
  return (cursor) => new ByteWriter(49).u8(table.unsettledIn).account(account).u64(cursor).finish();
}

/** Unsettled slots of an account, skipped ones too, by sequence. */
export function unsettledOutKey(account: AccountId, sequence: bigint): Uint8Array {
  return new ByteWriter(49).u8(table.unsettledOut).account(account).u64(sequence).finish();
}

/** Accounts that validators have to look after because of an exit, by address. */
export function exitingKey(account: AccountId): Uint8Array {
  return new ByteWriter(41).u8(table.exiting).account(account).finish();
}

export const exitingStart = Uint8Array.of(table.exiting);
export const exitingEnd = Uint8Array.of(table.exiting + 1);

export function alarmKey(slot: Slot): Uint8Array {
  return new ByteWriter(49).u8(table.alarm).slot(slot).finish();
}

/** Which accounts hold a lock, by the time at which it was made (unix ms): the oldest first. */
export function lockTimeKey(lockedAtMs: number, account: AccountId): Uint8Array {
  return new ByteWriter(49).u8(table.lockTime).u64(lockedAtMs).account(account).finish();
}

/** Below every lock made at or after the time. */
export function lockTimesFrom(lockedAtMs: number): Uint8Array {
  return new ByteWriter(9).u8(table.lockTime).u64(lockedAtMs).finish();
}

/** How many rounds the account's owner opened today. */
export function roundBudgetKey(account: AccountId): Uint8Array {
  return new ByteWriter(41).u8(table.roundBudget).account(account).finish();
}

/** Evidence of one kind against one signer about one slot; `kind` is the place of its name in a list. */
export function evidenceKey(signer: number, kind: number, slot: Slot): Uint8Array {
  return new ByteWriter(51).u8(table.evidence).u8(signer).u8(kind).slot(slot).finish();
}

/** Below all evidence against signers from this one on. */
export function evidenceFrom(signer: number): Uint8Array {
  return new ByteWriter(2).u8(table.evidence).u8(signer).finish();
}

export const evidenceStart = Uint8Array.of(table.evidence);
export const evidenceEnd = Uint8Array.of(table.evidence + 1);

export const alarmsStart = Uint8Array.of(table.alarm);
export const alarmsEnd = Uint8Array.of(table.alarm + 1);

/** A set of cursors in ascending order: the whole log, or the part about one owner or payment. */
export type CursorIndex = (cursor: bigint) => Uint8Array;

export const logKey: CursorIndex = (cursor) => new ByteWriter(9).u8(table.log).u64(cursor).finish();

export function ownerIndex(owner: Address): CursorIndex {
  return (cursor) => new ByteWriter(29).u8(table.logByOwner).address(owner).u64(cursor).finish();
}

export function paymentIndex(transactionHash: Hash): CursorIndex {
  return (cursor) => new ByteWriter(41).u8(table.logByPayment).hash(transactionHash).u64(cursor).finish();
}

/** Above every cursor that a store can get to. */
export const BEYOND_ALL_CURSORS = MAX_U64;

/** The cursor at the end of a key that a CursorIndex made. */
export function cursorOf(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0);
}

/** What comes after the letter of a key: a slot, an account. */
export const AFTER_TABLE = 1;
