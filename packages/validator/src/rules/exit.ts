import { limits, RejectError } from '@fastpay/protocol';
import { ChainMismatchError } from '../errors.ts';
import { type AccountExit, type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import type { ExitEvent, FinalizedBlock } from '../validator.ts';

/** Rule 6 of §5: what exits seen in finalized blocks change, and what they forbid and allow. */

/** An exit stands requested: no fresh order is voted for, and the owner opens no rounds. */
export function isExiting(account: AccountState | undefined): boolean {
  return account?.exit?.readyAt !== undefined;
}

/**
 * Whether validators may drive rounds in the slot at `next` (docs/adr/010-exits.md): while the exit stands requested;
 * and to the end of the slot that was open then, or in which an exit round was promised here, since an exit that was
 * cancelled or executed meanwhile would otherwise leave it half closed.
 */
export function mayBeClosed(account: AccountState | undefined, openSlot: OpenSlot | undefined): boolean {
  const promised = openSlot?.promised.round ?? 0;
  if (promised >= limits.firstExitRound) return true;
  return account !== undefined && (isExiting(account) || account.exit?.closing === account.next);
}

/** An exit was executed while this slot was begun: its money may be gone, so no order may be committed to any more. */
export function isLeftOpen(account: AccountState, sequence: bigint): boolean {
  return account.exit?.leftOpen === sequence;
}

/**
 * Whether an order of the account that is committed to now could still be settled before the owner may take the money
 * out. The last quarter of the delay belongs to settling; a slot in which only SKIP can be committed then stays closed.
 */
export function isTooLateToCommit(
  account: AccountState,
  { now, exitDelaySeconds }: { readonly now: bigint; readonly exitDelaySeconds: bigint },
): boolean {
  const readyAt = account.exit?.readyAt;
  return readyAt !== undefined && (readyAt - now) * 4n < exitDelaySeconds;
}

/**
 * Whether the account has left before and has not the money for this order again. Votes given before it left vouch for
 * nothing any more, so whoever commits looks for itself.
 */
export function isUnfundedSinceLeaving({ exit, balance }: AccountState, cost: bigint): boolean {
  return exit?.leftAt !== undefined && balance < cost;
}

export function exiting(what: string): RejectError {
  return new RejectError('EXITING', what);
}

/**
 * The events that are new: those above the block known as final.
 * @throws ChainMismatchError when they lie above the finalized block or are not in the order of the chain.
 */
export function freshExits(
  finalized: FinalizedBlock,
  exits: readonly ExitEvent[],
  known: FinalizedBlock | undefined,
): readonly ExitEvent[] {
  let height = 0n;
  for (const { block } of exits) {
    if (block.height > finalized.height) {
      throw new ChainMismatchError(`an exit lies in block ${block.height}, above the finalized one`);
    }
    if (block.height < height) throw new ChainMismatchError('exits came in another order than that of the chain');
    height = block.height;
  }
  return exits.filter(({ block }) => known === undefined || block.height > known.height);
}

/**
 * The account after one event; `isBegun` when something was voted, promised or locked in its slot at `next`.
 * @throws ChainMismatchError when the reserve cannot have emitted it after what was seen before.
 */
export function afterExit(account: AccountState | undefined, event: ExitEvent, isBegun: boolean): AccountState {
  const before = account ?? NEW_ACCOUNT;
  const { readyAt, ...rest } = before.exit ?? {};
  switch (event.type) {
    case 'requested':
      if (readyAt !== undefined) throw contradiction(event, 'one stands requested already');
      return withExit(before, { ...rest, readyAt: event.readyAt, closing: before.next });
    case 'cancelled':
      if (readyAt === undefined) throw contradiction(event, 'none stands requested');
      return withExit(before, rest);
    case 'executed': {
      if (readyAt === undefined) throw contradiction(event, 'none stands requested');
      if (event.amount < 0n) throw contradiction(event, 'an amount is not below zero');
      const balance = before.balance - event.amount;
      const left = { ...rest, leftAt: before.next };
      return withExit({ ...before, balance }, isBegun ? { ...left, leftOpen: before.next } : left);
    }
  }
}

function withExit(account: AccountState, exit: AccountExit): AccountState {
  return { ...account, exit };
}

function contradiction({ type, account, block }: ExitEvent, why: string): ChainMismatchError {
  const { owner, asset } = account;
  return new ChainMismatchError(
    `block ${block.height} shows an exit of ${owner} (${asset}) as ${type}, although ${why}: this store belongs to ` +
      'another chain, or has not seen all of it',
  );
}
