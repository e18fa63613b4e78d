import { type AccountId, type Address, accountKey, type Hash, type Slot } from '@fastpay/protocol';

/**
 * Keys of the store's rows. Numbers are written so that text order is number order; lists that are read newest first
 * carry their cursor subtracted from the largest, so that reading forwards starts at the newest.
 */
export const keys = {
  network: 'meta/network',
  lastCursor: 'meta/lastCursor',
  journal: (transactionHash: Hash) => `journal/${transactionHash}`,
  /** Which order this wallet stands by in a slot. */
  claim: (slot: Slot) => `claim/${slotPath(slot)}`,
  /** Journal entries by slot, own before adopted. */
  open: (slot: Slot, origin: 'signed' | 'adopted', transactionHash: Hash) =>
    `open/${slotPath(slot)}/${origin === 'signed' ? 0 : 1}/${transactionHash}`,
  openOfSlot: (slot: Slot) => `open/${slotPath(slot)}/`,
  openOfAccount: (account: AccountId) => `open/${accountKey(account)}/`,
  /** What this owner signed to open one round, and in it; ascending by epoch and round. */
  round: (slot: Slot, epoch: bigint, round: number) =>
    `round/${slotPath(slot)}/${epoch.toString(16).padStart(16, '0')}/${round.toString(16).padStart(8, '0')}`,
  roundsOfSlot: (slot: Slot) => `round/${slotPath(slot)}/`,
  /** There when the owner asked for the slot to be left empty. */
  cancelWish: (slot: Slot) => `cancelWish/${slotPath(slot)}`,
  lastRound: (slot: Slot) => `lastRound/${slotPath(slot)}`,
  closure: (transactionHash: Hash) => `closure/${transactionHash}`,
  certificate: (slot: Slot) => `certificate/${slotPath(slot)}`,
  slotOfPayment: (transactionHash: Hash) => `slotOf/${transactionHash}`,
  received: (account: AccountId, cursor: number) => `received/${accountKey(account)}/${descending(cursor)}`,
  receivedBy: (account: AccountId) => `received/${accountKey(account)}/`,
  activity: (owner: Address, cursor: number) => `activity/${owner}/${descending(cursor)}`,
  activityOf: (owner: Address) => `activity/${owner}/`,
  activityOfPayment: (owner: Address, transactionHash: Hash) => `activityOf/${owner}/${transactionHash}`,
  logPosition: (owner: Address, signer: number) => `log/${owner}/${signer}`,
} as const;

function slotPath(slot: Slot): string {
  return `${accountKey(slot)}/${slot.sequence.toString(16).padStart(16, '0')}`;
}

function descending(cursor: number): string {
  return (Number.MAX_SAFE_INTEGER - cursor).toString(16).padStart(14, '0');
}

/** All keys that begin with `prefix`. Keys are ASCII, so nothing sorts after this. */
export function withPrefix(prefix: string): { readonly from: string; readonly to: string } {
  return { from: prefix, to: `${prefix}\uffff` };
}

/** The keys after `key` among those that begin with `prefix`. */
export function after(key: string, prefix: string): { readonly from: string; readonly to: string } {
  return { from: `${key}\u0000`, to: withPrefix(prefix).to };
}
