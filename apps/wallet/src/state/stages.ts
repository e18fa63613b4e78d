import type { ActivityItem } from '@fastpay/client';
import { OrderKind } from '@fastpay/protocol';
import { heightText } from './format.ts';

/** What each stage means to a person (§10). Never more than what was verified or, so called, reported. */
const names: Record<ActivityItem['stage'], string> = {
  SIGNED: 'Signed',
  ACCEPTED: 'Accepted',
  CERTIFIED: 'Certified',
  QUEUED_ONCHAIN: 'Paid',
  SKIPPED: 'Not made',
};

export function standingText(item: ActivityItem): string {
  if (item.stage === 'SKIPPED') return names.SKIPPED;
  const withdrawn = item.order.kind === OrderKind.withdraw;
  if (item.observed?.stage === 'FINALIZED') return withdrawn ? 'On Tempo' : 'Settled on chain';
  if (item.observed?.stage === 'INCLUDED') return 'In a block';
  if (item.stage === 'QUEUED_ONCHAIN' && item.direction === 'received') return 'Received';
  if (item.stage === 'QUEUED_ONCHAIN' && withdrawn) return 'On its way to Tempo';
  return names[item.stage];
}

export interface TimelineStep {
  readonly title: string;
  readonly detail: string;
  /** `verified`: signatures checked here; `reported`: the relay's word about the chain; `open`: not yet. */
  readonly standing: 'verified' | 'reported' | 'open' | 'ended';
  /** Milliseconds after the payment was signed, or first seen here. */
  readonly atMs?: number;
  /** It was reached by then: only what came after it was heard of. */
  readonly isAtMost?: boolean;
}

const verifiedOrder: readonly ActivityItem['stage'][] = ['SIGNED', 'ACCEPTED', 'CERTIFIED', 'QUEUED_ONCHAIN'];

/** The life of a payment as a list of steps; those not reached yet are open. */
export function timelineOf(item: ActivityItem, quorumText: string): readonly TimelineStep[] {
  if (item.stage === 'SKIPPED') {
    return [
      { title: 'Signed', detail: 'The order was signed with the key of this account.', standing: 'verified' },
      {
        title: 'Not made',
        detail: 'Its slot holds something else for good. No money moved for it.',
        standing: 'ended',
      },
    ];
  }
  const reached = verifiedOrder.indexOf(item.stage);
  const verified = (stage: ActivityItem['stage'], title: string, detail: string, atMs?: number): TimelineStep => ({
    title,
    detail,
    standing: reached >= verifiedOrder.indexOf(stage) ? 'verified' : 'open',
    ...(atMs === undefined ? {} : { atMs }),
  });
  const { times, observed, createdAtMs } = item;
  const { included, finalized } = observed?.heardAtMs ?? {};
  const heard = (atMs: number | undefined) => (atMs === undefined ? {} : { atMs: Math.max(0, atMs - createdAtMs) });
  const block = observed?.settlement ? ` in block ${heightText(observed.settlement.blockHeight)}` : '';
  const commits = `Commits of ${quorumText}, verified in this browser. It cannot be undone.`;
  return [
    ...(item.direction === 'sent'
      ? [
          verified('SIGNED', 'Signed', 'Written to the journal of this device before anything was sent.', 0),
          verified('ACCEPTED', 'Accepted', 'A first validator’s vote, verified in this browser.', times.accepted),
          verified('CERTIFIED', 'Certified', `Votes of ${quorumText}, verified in this browser.`, times.certified),
          verified('QUEUED_ONCHAIN', 'Paid', commits, times.paid),
        ]
      : [verified('QUEUED_ONCHAIN', 'Received', commits)]),
    {
      title: 'In a block',
      detail: observed
        ? `Settled on Tempo${block}, as the relay reports.`
        : 'Once whoever holds the certificate settles it on Tempo.',
      standing: observed ? 'reported' : 'open',
      ...heard(included ?? finalized),
      ...(included === undefined && finalized !== undefined ? { isAtMost: true } : {}),
    },
    {
      title: 'Final on chain',
      detail:
        observed?.stage === 'FINALIZED' ? 'The block is final, as the relay reports.' : 'Once that block is final.',
      standing: observed?.stage === 'FINALIZED' ? 'reported' : 'open',
      ...heard(finalized),
    },
  ];
}
