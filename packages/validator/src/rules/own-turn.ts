import { RejectError } from '@fastpay/protocol';
import type { AccountState } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import { mayBeClosed } from './exit.ts';
import { driverOf, exitRoundAt } from './exit-turn.ts';
import { haltedAccount, missingPredecessor, staleRound } from './refusals.ts';

/** What decides whether this validator calls for a round in the place of an owner who leaves (§5 rule 6). */
export interface OwnTurnSituation {
  readonly nowMs: number;
  /** This validator's index. */
  readonly signer: number;
  readonly committeeSize: number;
  readonly account: AccountState | undefined;
  /** State of the slot at `next`. */
  readonly openSlot: OpenSlot | undefined;
}

/**
 * Drivers keep out of each other's way: each speaks only in its own turn, for the slot that is open here, and never
 * below a round that it has promised itself. Safety does not rest on it: others check a driver as they check an owner.
 */
export function refuseToDrive(
  { sequence, round }: { readonly sequence: bigint; readonly round: number },
  { nowMs, signer, committeeSize, account, openSlot }: OwnTurnSituation,
): RejectError | undefined {
  const next = account?.next ?? 0n;
  if (account?.isHalted) return haltedAccount();
  if (sequence !== next) return missingPredecessor(next);
  if (!mayBeClosed(account, openSlot)) return unavailable('no exit of this account was requested here');
  const own = exitRoundAt(BigInt(Math.floor(nowMs / 1_000)));
  if (round !== own) return unavailable(`round ${own} is that of this turn`);
  if (driverOf(round, committeeSize) !== signer) return unavailable('it is another validator’s turn to drive rounds');
  const promised = openSlot?.promised.round ?? 0;
  return round < promised ? staleRound(promised) : undefined;
}

function unavailable(why: string): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', why);
}
