import type { CommitteeMember } from '@fastpay/protocol';
import { KeyDial } from '../../components/Identicon.tsx';
import { durationText } from '../../state/format.ts';
import type { Seal } from '../../state/livePayment.ts';
import styles from './SealList.module.css';

interface SealListProps {
  readonly members: readonly CommitteeMember[];
  readonly seals: ReadonlyMap<number, Seal>;
  readonly failures: ReadonlyMap<number, string>;
  /** Whether to show when, or only that. */
  readonly timed: boolean;
}

/** Who signed, and when this browser had checked it. */
export function SealList({ members, seals, failures, timed }: SealListProps) {
  return (
    <ul className={styles.list} aria-label="Validators">
      {members.map((member, signer) => {
        const { voteMs, commitMs } = seals.get(signer) ?? {};
        const failure = failures.get(signer);
        return (
          <li
            key={member.name}
            className={styles.row}
            data-lit={voteMs !== undefined || undefined}
            data-failed={failure !== undefined || undefined}
          >
            <span className={styles.dial}>
              <KeyDial votingKey={member.votingKey} size={28} />
            </span>
            <span className={styles.name}>{member.name}</span>
            {failure !== undefined && commitMs === undefined ? (
              <span className={styles.failure}>{failure}</span>
            ) : (
              <>
                <Time what="vote" ms={voteMs} timed={timed} />
                <Time what="commit" ms={commitMs} timed={timed} />
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface TimeProps {
  readonly what: string;
  readonly ms: number | undefined;
  readonly timed: boolean;
}

function Time({ what, ms, timed }: TimeProps) {
  return (
    <span className={styles.time} data-lit={ms !== undefined || undefined}>
      <span className={styles.what}>{what}</span> {ms === undefined ? '–' : timed ? durationText(ms) : 'verified'}
    </span>
  );
}
