import { RejectError, type RoundAuthority } from '@fastpay/protocol';
import type { AccountState } from '../state/account-state.ts';
import type { OpenSlot } from '../state/open-slot.ts';
import { exiting, isExiting, mayBeClosed } from './exit.ts';
import { mayDrive } from './exit-turn.ts';

/** What decides who may drive rounds in a slot just now (§5 rules 4 and 6). */
export interface DriveSituation {
  readonly nowMs: number;
  readonly committeeSize: number;
  readonly account: AccountState | undefined;
  /** State of the slot at `next`. */
  readonly openSlot: OpenSlot | undefined;
}

/** The owner drives its own slots until it asks to leave; from then on the validators do, each in the round of its turn. */
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
  if (mayDrive(authority.signature.signer, round, nowMs, committeeSize)) return undefined;
  return unavailable('it is another validator’s turn to drive rounds, or another round’s');
}
