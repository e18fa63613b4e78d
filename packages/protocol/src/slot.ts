import { type Address, type Hash, type Sequence, toAddress, ZERO_HASH } from './brand.ts';
import { ACCOUNT_BYTES, ByteWriter, SLOT_BYTES } from './byte-writer.ts';

/** An account is one owner's money in one asset (§3). */
export interface AccountId {
  readonly owner: Address;
  readonly asset: Address;
}

/** One numbered place of an account; it ends up holding one order or SKIP (§3, §4). */
export interface Slot extends AccountId {
  readonly sequence: Sequence;
}

/** What a slot may hold besides an order's transaction hash (§4). */
export const SKIP: Hash = ZERO_HASH;

/** owner 20 ‖ asset 20. */
export function accountBytes(account: AccountId): Uint8Array {
  return new ByteWriter(ACCOUNT_BYTES).account(account).finish();
}

/** account 20 ‖ asset 20 ‖ sequence u64 (§4). */
export function slotBytes(slot: Slot): Uint8Array {
  return new ByteWriter(SLOT_BYTES).slot(slot).finish();
}

/** A string for maps and logs; equal accounts give equal strings. */
export function accountKey(account: AccountId): string {
  return `${account.owner}/${account.asset}`;
}

export function slotKey(slot: Slot): string {
  return `${accountKey(slot)}/${slot.sequence}`;
}

export function equalSlots(left: Slot, right: Slot): boolean {
  return left.owner === right.owner && left.asset === right.asset && left.sequence === right.sequence;
}

/** TIP-20 tokens live at addresses with this 12-byte prefix. */
const TIP20_PREFIX = '0x20c000000000000000000000';
/** TIP-1022 virtual addresses: a 10-byte 0xfd marker after a 4-byte master id. */
const VIRTUAL_MARKER = 'fd'.repeat(10);

export function isTip20Address(address: Address): boolean {
  return address.startsWith(TIP20_PREFIX);
}

/** A virtual address forwards to a registered master and cannot own a balance (TIP-1022). */
export function isVirtualAddress(address: Address): boolean {
  return address.slice(10, 30) === VIRTUAL_MARKER;
}

/** pathUSD, the first TIP-20 of every Tempo network. */
export const PATH_USD: Address = toAddress('0x20c0000000000000000000000000000000000000');
