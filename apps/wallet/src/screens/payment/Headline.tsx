import { type Committee, OrderKind, quorumStake, SKIP, totalStake } from '@fastpay/protocol';
import { durationText, plural } from '../../state/format.ts';
import type { LivePayment } from '../../state/livePayment.ts';
import styles from './Headline.module.css';

interface HeadlineProps {
  readonly live: LivePayment;
  readonly counts: { readonly votes: number; readonly commits: number };
  readonly committee: Committee;
}

/** What has happened, in a line, and how much of it this browser has checked. */
export function Headline({ live, counts, committee }: HeadlineProps) {
  const size = committee.members.length;
  const equalStake = totalStake(committee) === BigInt(size);
  const needed = equalStake
    ? `${quorumStake(committee)} of ${size} are needed`
    : `${quorumStake(committee)} of ${totalStake(committee)} stake is needed`;
  const isWithdrawal = live.kind === OrderKind.withdraw;
  switch (live.phase) {
    case 'preparing':
      return (
        <Lines title="Signing on this device" detail="The signed payment is written down here before it is sent." />
      );
    case 'collecting':
      if (live.round) {
        return (
          <Lines
            title={live.cancelling ? 'Cancelling' : 'Settling between two payments'}
            detail={`${roundText(live.round)} · ${plural(counts.votes, 'vote')}, ${plural(counts.commits, 'commit')} verified in this browser · ${needed}`}
          />
        );
      }
      return (
        <Lines
          title={counts.commits > 0 ? 'Sealing' : counts.votes > 0 ? 'Collecting signatures' : 'Sent'}
          detail={`${plural(counts.votes, 'vote')}, ${plural(counts.commits, 'commit')} verified in this browser · ${needed}`}
        />
      );
    case 'paid':
      return (
        <Lines
          evidence
          title={`${isWithdrawal ? 'Withdrawal sealed' : 'Paid'} in ${durationText(live.paidMs ?? 0)}`}
          detail={`Verified ${counts.commits} of ${size} signatures in this browser · ${needed}. ${
            live.ending?.tooLateToCancel
              ? 'It was too late to cancel it: a quorum had certified it already.'
              : isWithdrawal
                ? 'It cannot be undone. The tokens come with the next settled batch.'
                : 'It cannot be undone, and can be spent right away.'
          }`}
        />
      );
    case 'stalled':
      if (live.cancelling) {
        return (
          <Lines
            title="Waiting to cancel"
            detail={`${needed}. Until they have agreed the payment may still happen; if a quorum has certified it already, it will.`}
          />
        );
      }
      return (
        <Lines
          title="Waiting for validators"
          detail={`${plural(counts.votes, 'vote')} and ${plural(counts.commits, 'commit')} verified · ${needed}. Nothing is lost: it completes by itself, and can only ever be paid once.`}
        />
      );
    case 'skipped':
      return (
        <Lines
          evidence={live.ending?.outcome === 'cancelled'}
          title={live.ending?.outcome === 'replaced' ? 'Another payment took its place' : 'Cancelled'}
          detail={`${live.ending?.message ?? 'No money moved for this payment.'} A quorum’s certificate of it was verified in this browser.`}
        />
      );
    case 'refused':
      return <Lines title="The payment was not made" detail="Nothing was signed and nothing has left this device." />;
  }
}

function roundText({ round, promises, value }: NonNullable<LivePayment['round']>): string {
  if (value === undefined) return `Round ${round}: ${plural(promises.length, 'promise')} verified`;
  return `Round ${round}: ${value === SKIP ? 'to leave the slot empty' : 'to finish the payment'}`;
}

function Lines({
  title,
  detail,
  evidence = false,
}: {
  readonly title: string;
  readonly detail: string;
  readonly evidence?: boolean;
}) {
  return (
    <div className={styles.headline}>
      <p className={styles.title} data-evidence={evidence || undefined} data-testid="payment-headline">
        {title}
      </p>
      <p className={styles.detail} data-testid="payment-verified">
        {detail}
      </p>
    </div>
  );
}
