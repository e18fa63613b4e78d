import {
  type Hash,
  limits,
  type Network,
  OrderKind,
  orderCost,
  type PaymentOrder,
  RejectError,
  requiredFee,
} from '@fastpay/protocol';
import { validatorLimits } from '../limits.ts';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import type { OpenSlot, RecordedVote } from '../state/open-slot.ts';
import type { FinalizedBlock } from '../validator.ts';
import { exiting, isExiting, isLeftOpen } from './exit.ts';
import { haltedAccount, missingPredecessor, staleRound } from './refusals.ts';
import { FIRST_ROUND, isBelow, isSameRound, type Round } from './rounds.ts';

/** What rule 1 looks at besides the order. */
export interface VoteSituation {
  readonly network: Network;
  /** Unix seconds. */
  readonly now: bigint;
  readonly finalized: FinalizedBlock | undefined;
  /** When the oldest payment that was not seen final on chain was resolved, unix milliseconds; undefined without one. */
  readonly oldestUnsettledAtMs: number | undefined;
  /** The sender's account. */
  readonly account: AccountState | undefined;
  /** State of the slot at `next`. */
  readonly openSlot: OpenSlot | undefined;
  /** What the order's slot holds for good, if anything. */
  readonly resolvedValue: Hash | undefined;
  readonly isRecipientKnown: boolean;
  readonly isPaid: (transactionHash: Hash) => boolean;
}

export type VoteDecision =
  /** The slot holds this very order for good. */
  | { readonly type: 'resolved' }
  /** The slot holds something else for good. */
  | { readonly type: 'occupied' }
  /** Voted for before: the same answer again. */
  | { readonly type: 'voted'; readonly vote: RecordedVote }
  /** Another order has this validator's vote or commit in round 0. */
  | { readonly type: 'equivocation'; readonly value: Hash }
  | { readonly type: 'refuse'; readonly reject: RejectError }
  /** To be voted for, and recorded with `withVote`. */
  | { readonly type: 'vote' };

/**
 * Rule 1 of §5 for an order whose form is checked; `value` is its transaction hash. It is asked before the payer's
 * signature is verified, so that nobody buys curve work with an order that is refused anyway, and again after.
 */
export function decideVote(order: PaymentOrder, value: Hash, situation: VoteSituation): VoteDecision {
  const { account = NEW_ACCOUNT, openSlot, resolvedValue } = situation;
  if (resolvedValue !== undefined) return { type: resolvedValue === value ? 'resolved' : 'occupied' };
  if (account.isHalted) return { type: 'refuse', reject: haltedAccount() };
  if (order.sequence !== account.next) return { type: 'refuse', reject: missingPredecessor(account.next) };
  const round: Round = { epoch: situation.network.committee.epoch, round: 0 };
  const vote = openSlot?.votes.find((recorded) => isSameRound(recorded, round));
  if (vote) return vote.value === value ? { type: 'voted', vote } : { type: 'equivocation', value: vote.value };
  const promised = openSlot?.promised ?? FIRST_ROUND;
  if (isBelow(round, promised)) return { type: 'refuse', reject: staleRound(promised.round) };
  // A quorum has certified another value in this round: a vote could not count any more, and the owner has to know.
  const locked = openSlot?.lock?.certificate;
  if (locked && isSameRound(locked, round) && locked.value !== value)
    return { type: 'equivocation', value: locked.value };
  const reject = refuseFreshOrder(order, account, situation);
  return reject ? { type: 'refuse', reject } : { type: 'vote' };
}

/**
 * The slot as it is with one vote more. Of very many the first and the highest are kept: those between can neither be
 * given again nor contradicted, since more was promised.
 */
export function withVote(openSlot: OpenSlot | undefined, vote: RecordedVote): OpenSlot {
  const before = openSlot ?? { promised: FIRST_ROUND, votes: [] };
  const votes = [...before.votes, vote];
  if (votes.length > validatorLimits.recordedVotes) votes.splice(1, votes.length - validatorLimits.recordedVotes);
  return { ...before, votes };
}

/** What an order needs that nobody is locked on, whatever the round: no exit, time, chain, fee, parents, funds. */
export function refuseFreshOrder(
  order: PaymentOrder,
  account: AccountState,
  situation: VoteSituation,
): RejectError | undefined {
  const { network, now } = situation;
  const { balance } = account;
  if (isExiting(account)) return exiting('the account is leaving: it makes no new payments');
  if (isLeftOpen(account, order.sequence)) {
    return exiting('the account left while this slot was open: the slot can only be cancelled now');
  }
  if (now > order.validUntil) return new RejectError('EXPIRED', 'the time to vote on this payment is over');
  if (order.validUntil > now + limits.maxOrderLifeSeconds) {
    return new RejectError('EXPIRED', `validUntil lies more than ${limits.maxOrderLifeSeconds} seconds ahead`);
  }
  const stale = staleness(situation);
  if (stale) return new RejectError('STALE_CHAIN', stale);
  // The surcharge pays for the first write of an account in the reserve; a withdrawal writes none.
  const isNew = order.kind === OrderKind.transfer && !situation.isRecipientKnown;
  const fee = requiredFee(network.fees, { isNew });
  if (order.fee < fee) {
    return new RejectError('FEE_TOO_LOW', `this payment costs at least ${fee} base units to settle`, {
      requiredFee: fee,
    });
  }
  const missing = order.parents.filter((parent) => !situation.isPaid(parent));
  if (missing.length > 0) {
    return new RejectError('MISSING_PARENT', 'a payment that funds this one is not known here', {
      missingParents: missing,
    });
  }
  if (balance < orderCost(order)) {
    return new RejectError('INSUFFICIENT_FUNDS', 'amount and fee exceed the balance', { balance });
  }
  return undefined;
}

/**
 * What keeps this validator from being sure that a payment it votes for now is settled before its payer can leave: its
 * view of the chain, or a payment that was not settled, is older than a quarter of the exit delay. Skipped slots do not
 * count: they move no money.
 */
function staleness({ network, now, finalized, oldestUnsettledAtMs }: VoteSituation): string | undefined {
  const isOld = (since: bigint) => (now - since) * 4n >= network.exitDelaySeconds;
  if (!finalized || isOld(finalized.timestamp)) return 'this validator has not seen a finalized block for too long';
  if (oldestUnsettledAtMs === undefined || !isOld(BigInt(Math.floor(oldestUnsettledAtMs / 1_000)))) return undefined;
  return 'a payment known to this validator has not been settled on chain for too long';
}
