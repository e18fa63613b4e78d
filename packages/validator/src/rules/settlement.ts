import { type Hash, mayFollow } from '@fastpay/protocol';
import type { Standing } from '../state/resolution.ts';
import type { SettlementObservation, SettlementReference } from '../validator.ts';

export type SettlementDecision =
  /** Known already, or a step backwards. */
  | { readonly type: 'ignore' }
  /** The chain holds another value than the certificate here. */
  | { readonly type: 'contradiction' }
  | { readonly type: 'move'; readonly standing: Standing };

/**
 * §10: what a look at the chain changes. `resolvedValue` is what the slot holds here, if anything; what the chain shows
 * of a slot that is not resolved here yet is kept until it is.
 */
export function decideSettlement(
  { value, stage, settlement }: SettlementObservation,
  before: Standing | undefined,
  resolvedValue: Hash | undefined,
): SettlementDecision {
  if (resolvedValue !== undefined && resolvedValue !== value) return { type: 'contradiction' };
  // What an abandoned block showed of an unresolved slot gives way to what the next block shows.
  const known = before?.value === value ? before : undefined;
  const current = known?.stage ?? 'QUEUED_ONCHAIN';
  if (!mayFollow(current, stage) || (before?.stage === 'FINALIZED' && !known)) return { type: 'ignore' };
  if (current === stage && (stage !== 'INCLUDED' || isSame(known?.settlement, settlement))) return { type: 'ignore' };
  const reference = stage === 'QUEUED_ONCHAIN' ? undefined : settlement;
  return { type: 'move', standing: { value, stage, ...(reference && { settlement: reference }) } };
}

function isSame(left: SettlementReference | undefined, right: SettlementReference | undefined): boolean {
  return left?.block.hash === right?.block.hash && left?.transactionHash === right?.transactionHash;
}
