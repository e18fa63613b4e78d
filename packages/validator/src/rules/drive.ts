import { RejectError, type RoundAuthority } from '@fastpay/protocol';
import type { AccountState } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import { exiting, isExiting, mayBeClosed } from './exit.ts';
import { highestExitRound, mayDrive } from './exit-turn.ts';

/** What decides who may drive rounds in a slot just now (§5 rules 4 and 6). */
export interface DriveSituation {
  readonly nowMs: number;
  readonly committeeSize: number;
  readonly account: AccountState | undefined;
  /** State of the slot at `next`. */
  readonly openSlot: OpenSlot | undefined;
}

/**
 * The owner drives its own slots until it asks to leave; from then on the validators do, each in its turn. A driver gets
 * no further ahead than one round a turn, so that none can use up the rounds that are left.
 */
export function refuseDriver(
  round: number,
  authority: RoundAuthority,
  { nowMs, committeeSize, account, openSlot }: DriveSituation,
): RejectError | undefined {
  if (authority.type === 'owner') {
    return isExiting(account) ? exiting('the account is leaving: validators close its open slot') : undefined;
  }
  const unavailable = (why: string) => new RejectError('TEMPORARILY_UNAVAILABLE', why);
  if (!mayBeClosed(account, openSlot)) return unavailable('no exit of this account was requested here');
  if (!mayDrive(authority.signature.signer, nowMs, committeeSize)) {
    return unavailable('it is another validator’s turn to drive rounds');
  }
  const highest = highestExitRound(nowMs);
  return round > highest ? unavailable(`no driver may open a round above ${highest} in this turn`) : undefined;
}
