import type { CommitteeMember } from '@fastpay/protocol';
import { KeyDial } from '../../components/Identicon.tsx';
import { durationText } from '../../state/format.ts';
import type { Seal } from '../../state/livePayment.ts';
import styles from './SealList.module.css';

interface SealListProps {
  readonly members: readonly CommitteeMember[];
  readonly seals: ReadonlyMap<number, Seal>;
  readonly failures: ReadonlyMap<number, string>;
}

/** Who signed, and when this browser had checked it. */
export function SealList({ members, seals, failures }: SealListProps) {
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
                <Time what="vote" ms={voteMs} />
                <Time what="commit" ms={commitMs} />
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Time({ what, ms }: { readonly what: string; readonly ms: number | undefined }) {
  return (
    <span className={styles.time} data-lit={ms !== undefined || undefined}>
      <span className={styles.what}>{what}</span> {ms === undefined ? '–' : durationText(ms)}
    </span>
  );
}
