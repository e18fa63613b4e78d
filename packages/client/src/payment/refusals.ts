import { quorumStake, type RejectCode, type RejectError, validityStake } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';

/** What refusals mean for the next step. All of it is hearsay, so it decides what to try, never what to believe. */

type Failures = ReadonlyMap<number, RejectError>;

/** They speak of the validator's state or of an exit: the same bytes may pass later, and a higher round does not help. */
const passing: readonly RejectCode[] = [
  'TEMPORARILY_UNAVAILABLE',
  'RATE_LIMITED',
  'STALE_CHAIN',
  'MISSING_PREDECESSOR',
  'EXITING',
];
/** Something else was signed, promised or begun in the slot. */
const contested: readonly RejectCode[] = ['STALE_ROUND', 'EQUIVOCATION'];

/** Whether a quorum was heard and at least one of them refuses for good: then sending the same again is no use. */
export function hasQuorumAnswered(core: ClientCore, signers: readonly number[], failures: Failures): boolean {
  const refusing = signersOf(failures, ({ code }) => !passing.includes(code));
  const { committee } = core.context;
  return refusing.length > 0 && stakeOf(core, [...signers, ...refusing]) >= quorumStake(committee);
}

/** Whether a higher round could gather a quorum of promises where this one did not. */
export function isRoundTooLow(core: ClientCore, promised: readonly number[], failures: Failures): boolean {
  const stale = signersOf(failures, ({ code }) => code === 'STALE_ROUND');
  return stale.length > 0 && stakeOf(core, [...promised, ...stale]) >= quorumStake(core.context.committee);
}

/** What to do after a proposal that got no quorum. */
export function afterProposal(
  core: ClientCore,
  failures: Failures,
  isFree: boolean,
): 'contested' | 'refused' | 'later' {
  if (signersOf(failures, ({ code }) => contested.includes(code)).length > 0) return 'contested';
  const refusing = signersOf(failures, ({ code }) => !passing.includes(code));
  // An honest validator is among them: this value will not pass in this round.
  if (stakeOf(core, refusing) < validityStake(core.context.committee)) return 'later';
  return isFree ? 'refused' : 'contested';
}

function signersOf(failures: Failures, matches: (reject: RejectError) => boolean): readonly number[] {
  return [...failures].flatMap(([signer, reject]) => (matches(reject) ? [signer] : []));
}

function stakeOf(core: ClientCore, signers: readonly number[]): bigint {
  const { members } = core.context.committee;
  return [...new Set(signers)].reduce((sum, signer) => sum + (members[signer]?.stake ?? 0n), 0n);
}
