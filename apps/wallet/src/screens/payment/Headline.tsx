import { type Committee, quorumStake, totalStake } from '@fastpay/protocol';
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
  switch (live.phase) {
    case 'preparing':
      return (
        <Lines title="Signing on this device" detail="The signed payment is written down here before it is sent." />
      );
    case 'collecting':
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
          title={`Paid in ${durationText(live.paidMs ?? 0)}`}
          detail={`Verified ${counts.commits} of ${size} signatures in this browser · ${needed}. It cannot be undone, and can be spent right away.`}
        />
      );
    case 'stalled':
      return (
        <Lines
          title="Waiting for validators"
          detail={`${plural(counts.votes, 'vote')} and ${plural(counts.commits, 'commit')} verified · ${needed}. Nothing is lost: it completes by itself, and can only ever be paid once.`}
        />
      );
    case 'refused':
      return <Lines title="The payment was not made" detail="Nothing was signed and nothing has left this device." />;
  }
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
