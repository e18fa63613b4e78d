import { type Hash, type QuorumCertificate, RejectError, type SignedNewRound } from '@fastpay/protocol';
import type { OpenSlot, RecordedPromise } from '../state/open-slot.ts';
import type { RoundBudget } from '../state/round-budget.ts';
import { type DriveSituation, refuseDriver } from './drive.ts';
import { haltedAccount, missingPredecessor, staleRound } from './refusals.ts';
import { spendRound } from './round-budget.ts';
import { FIRST_ROUND, isBelow, isSameRound } from './rounds.ts';

/** What rule 4a looks at besides the call for a new round. */
export interface NewRoundSituation extends DriveSituation {
  /** What the slot holds for good, if anything. */
  readonly resolvedValue: Hash | undefined;
  readonly budget: RoundBudget | undefined;
}

export type NewRoundDecision =
  | { readonly type: 'resolved' }
  /** Promised before: the same bytes again, whatever happened since. */
  | { readonly type: 'promised'; readonly promise: RecordedPromise }
  | { readonly type: 'refuse'; readonly reject: RejectError }
  /** To be promised with this lock, and recorded with `withPromise`; a budget when the round counts against one. */
  | {
      readonly type: 'promise';
      readonly lockCertificate: QuorumCertificate | undefined;
      readonly budget: RoundBudget | undefined;
    };

/** Rule 4a of §5. It is asked before the authority is verified, and again after. */
export function decideNewRound(newRound: SignedNewRound, situation: NewRoundSituation): NewRoundDecision {
  const { account, openSlot, resolvedValue, budget, nowMs } = situation;
  const refuse = (reject: RejectError) => ({ type: 'refuse', reject }) as const;
  if (resolvedValue !== undefined) return { type: 'resolved' };
  if (!account) return refuse(unknownAccount());
  if (account.isHalted) return refuse(haltedAccount());
  if (newRound.slot.sequence !== account.next) return refuse(missingPredecessor(account.next));
  const { promised, promise, lock } = openSlot ?? { promised: FIRST_ROUND };
  if (promise && isSameRound(promise, newRound)) return { type: 'promised', promise };
  if (!isBelow(promised, newRound)) return refuse(staleRound(promised.round));
  const refusal = refuseDriver(newRound.round, newRound.authority, situation);
  if (refusal) return refuse(refusal);
  const lockCertificate = lock?.certificate;
  // Drivers have no budget: they are held back by their turns.
  if (newRound.authority.type === 'driver') return { type: 'promise', lockCertificate, budget: undefined };
  const spent = spendRound(budget, nowMs);
  return spent instanceof RejectError ? refuse(spent) : { type: 'promise', lockCertificate, budget: spent };
}

/** The slot as it is once promised: bound to the round. */
export function withPromise(openSlot: OpenSlot | undefined, promise: RecordedPromise): OpenSlot {
  const { epoch, round } = promise;
  return { votes: [], ...openSlot, promised: { epoch, round }, promise };
}

/** Nobody can fill the store with rounds of accounts that never held anything. */
function unknownAccount(): RejectError {
  return new RejectError('INSUFFICIENT_FUNDS', 'this ledger does not know the account', { balance: 0n });
}
