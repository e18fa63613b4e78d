import { type Hash, orderCost, type QuorumCertificate, RejectError, SKIP } from '@fastpay/protocol';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import type { Lock, OpenSlot } from '../state/open-slot.ts';
import { exiting, isLeftOpen, isTooLateToCommit, isUnfundedSinceLeaving } from './exit.ts';
import { haltedAccount, missingPredecessor, staleRound } from './refusals.ts';
import { FIRST_ROUND, isBelow, isSameRound } from './rounds.ts';

/** What rule 2 looks at besides the certificate. */
export interface CommitSituation {
  readonly account: AccountState | undefined;
  /** State of the slot at `next`. */
  readonly openSlot: OpenSlot | undefined;
  /** What the certificate's slot holds for good, if anything. */
  readonly resolvedValue: Hash | undefined;
  /** Unix seconds. */
  readonly now: bigint;
  readonly exitDelaySeconds: bigint;
}

export type CommitDecision =
  | { readonly type: 'resolved' }
  /** The slot holds something else for good. */
  | { readonly type: 'occupied' }
  /** Committed before: the same answer again, whatever was promised since. */
  | { readonly type: 'committed'; readonly lock: Lock }
  | { readonly type: 'refuse'; readonly reject: RejectError }
  /** If the certificate proves to be valid, two quorums certified different values in one round. */
  | { readonly type: 'conflict'; readonly lock: Lock }
  /** To be committed to, and recorded with `withLock`. */
  | { readonly type: 'commit' };

/**
 * Rule 2 of §5, for any round. Needs no vote of this validator's own and no balance. It is asked before the
 * certificate is verified, when `conflict` and `commit` are only what will follow if it is valid, and again after.
 */
export function decideCommit(certificate: QuorumCertificate, situation: CommitSituation): CommitDecision {
  const { account = NEW_ACCOUNT, openSlot, resolvedValue } = situation;
  const { value } = certificate;
  if (resolvedValue !== undefined) return { type: resolvedValue === value ? 'resolved' : 'occupied' };
  if (account.isHalted) return { type: 'refuse', reject: haltedAccount() };
  if (certificate.slot.sequence !== account.next) return { type: 'refuse', reject: missingPredecessor(account.next) };
  const reject = value === SKIP ? undefined : refuseAfterExit(certificate, account, situation);
  if (reject) return { type: 'refuse', reject };
  const lock = openSlot?.lock;
  if (lock && isSameRound(lock.certificate, certificate)) {
    return lock.certificate.value === value ? { type: 'committed', lock } : { type: 'conflict', lock };
  }
  const promised = openSlot?.promised ?? FIRST_ROUND;
  if (isBelow(certificate, promised)) return { type: 'refuse', reject: staleRound(promised.round) };
  return { type: 'commit' };
}

/** What exits forbid (rule 6), stored commits too: they may never have left. A SKIP moves no money. */
function refuseAfterExit(
  { signedOrder }: QuorumCertificate,
  account: AccountState,
  situation: CommitSituation,
): RejectError | undefined {
  if (isLeftOpen(account, account.next)) {
    return exiting('the account left while this slot was open: it can only be cancelled now');
  }
  if (isTooLateToCommit(account, situation)) {
    return exiting('the account leaves too soon for this payment to be settled before');
  }
  const { balance } = account;
  const isUnfunded = signedOrder && isUnfundedSinceLeaving(account, orderCost(signedOrder.order));
  return isUnfunded
    ? new RejectError('INSUFFICIENT_FUNDS', 'the account left, and has not the money for this payment again', {
        balance,
      })
    : undefined;
}

/** The slot as it is once committed: locked, and bound to the round. */
export function withLock(openSlot: OpenSlot | undefined, lock: Lock): OpenSlot {
  const { epoch, round } = lock.certificate;
  return { votes: [], ...openSlot, promised: { epoch, round }, lock };
}
