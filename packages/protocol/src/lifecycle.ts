/** The stages of a payment (§10), in order. SKIPPED is the one end of failure. */
export const stages = ['ACCEPTED', 'CERTIFIED', 'QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED', 'SKIPPED'] as const;
export type Stage = (typeof stages)[number];

const successors: Record<Stage, readonly Stage[]> = {
  ACCEPTED: ['CERTIFIED', 'QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED', 'SKIPPED'],
  CERTIFIED: ['QUEUED_ONCHAIN', 'INCLUDED', 'FINALIZED', 'SKIPPED'],
  QUEUED_ONCHAIN: ['INCLUDED', 'FINALIZED'],
  // An abandoned block gives its payments back to the outbox.
  INCLUDED: ['FINALIZED', 'QUEUED_ONCHAIN'],
  FINALIZED: [],
  SKIPPED: [],
};

/** Whether a payment at `from` may be reported at `to` next; staying is always allowed. */
export function mayFollow(from: Stage, to: Stage): boolean {
  return from === to || successors[from].includes(to);
}

/** A commit certificate exists: the recipient has the money. */
export function isPaid(stage: Stage): boolean {
  return stage === 'QUEUED_ONCHAIN' || stage === 'INCLUDED' || stage === 'FINALIZED';
}
