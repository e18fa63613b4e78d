import { type QuorumCertificate, RejectError, type SignedPromise, type SignedProposal, SKIP } from '@fastpay/protocol';
import { NEW_ACCOUNT } from '../state/account-state.ts';
import type { OpenSlot, RecordedVote } from '../state/open-slot.ts';
import { type DriveSituation, refuseDriver } from './drive.ts';
import { haltedAccount, missingPredecessor, staleRound } from './refusals.ts';
import { FIRST_ROUND, isBelow, isSameRound } from './rounds.ts';
import { refuseFreshOrder, type VoteDecision, type VoteSituation, withVote } from './vote.ts';

/** What rule 4b looks at besides the proposal. */
export interface ProposalSituation extends VoteSituation, DriveSituation {
  /** Of the highest lock that the promises name, if any does. */
  readonly highestLock: QuorumCertificate | undefined;
}

/**
 * Rule 4b of §5 for a proposal whose form, order and promises are checked. It is asked before any signature is
 * verified, and again after.
 */
export function decideProposal(proposal: SignedProposal, situation: ProposalSituation): VoteDecision {
  const { account = NEW_ACCOUNT, openSlot, resolvedValue } = situation;
  const { slot, round, value, authority } = proposal;
  const refuse = (reject: RejectError) => ({ type: 'refuse', reject }) as const;
  if (resolvedValue !== undefined) return { type: resolvedValue === value ? 'resolved' : 'occupied' };
  if (account.isHalted) return refuse(haltedAccount());
  if (slot.sequence !== account.next) return refuse(missingPredecessor(account.next));
  const vote = openSlot?.votes.find((recorded) => isSameRound(recorded, proposal));
  if (vote) return vote.value === value ? { type: 'voted', vote } : { type: 'equivocation', value: vote.value };
  const promised = openSlot?.promised ?? FIRST_ROUND;
  if (isBelow(proposal, promised)) return refuse(staleRound(promised.round));
  // A quorum has certified another value in this round: a vote could not count any more.
  const locked = openSlot?.lock?.certificate;
  if (locked && isSameRound(locked, proposal) && locked.value !== value) {
    return { type: 'equivocation', value: locked.value };
  }
  const refusal = refuseDriver(round, authority, situation) ?? refuseValue(proposal, situation);
  return refusal ? refuse(refusal) : { type: 'vote' };
}

/** The slot as it is with a vote of a higher round, for the promises it rests on: bound to that round. */
export function withRoundVote(
  openSlot: OpenSlot | undefined,
  vote: RecordedVote,
  promises: readonly SignedPromise[],
): OpenSlot {
  const round = { epoch: vote.epoch, round: vote.round };
  const heard = promises.map(({ lock, signature }) => ({ ...(lock && { lock }), signature }));
  return { ...withVote(openSlot, vote), promised: round, heard: { ...round, promises: heard } };
}

/** The highest lock's value, whatever it is by now; without one SKIP, or an order that a first vote would be given to. */
function refuseValue(
  { value, signedOrder, authority }: SignedProposal,
  situation: ProposalSituation,
): RejectError | undefined {
  const { highestLock, account = NEW_ACCOUNT } = situation;
  if (highestLock) {
    if (highestLock.value === value) return undefined;
    return new RejectError('INVALID_FORMAT', 'the promises allow no value but that of the highest lock');
  }
  if (value === SKIP) return undefined;
  if (authority.type === 'driver') {
    return new RejectError('INVALID_FORMAT', 'a driver proposes the value of the highest lock, or else SKIP');
  }
  if (!signedOrder) throw new Error('a checked proposal carries its order');
  return refuseFreshOrder(signedOrder.order, account, situation);
}
