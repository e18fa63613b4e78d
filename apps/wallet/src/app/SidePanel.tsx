import { BlockClock } from '../components/BlockClock.tsx';
import { KeyDial } from '../components/Identicon.tsx';
import { agoText, durationText, heightText } from '../state/format.ts';
import { formatHash } from './router.ts';
import styles from './SidePanel.module.css';
import { useNow } from './useNow.ts';
import { useNetwork, useSession } from './WalletContext.ts';

/** On a wide screen: the committee at work, beside whatever one does. */
export function SidePanel() {
  const { network } = useSession();
  const { members } = network.committee;
  const validators = useNetwork((state) => state.validators);
  const verifiedAt = useNetwork((state) => state.verifiedAt);
  const head = useNetwork((state) => state.head);
  const now = useNow(1_000);
  return (
    <aside className={styles.panel} aria-label="Network at a glance">
      <h2 className={styles.title}>
        <a href={formatHash('network')}>Committee</a>
      </h2>
      <ul className={styles.validators}>
        {members.map((member, signer) => {
          const status = validators.find((candidate) => candidate.signer === signer);
          const verified = verifiedAt.get(signer);
          return (
            <li
              key={member.name}
              className={styles.validator}
              data-lit={verified !== undefined || undefined}
              data-down={status?.reachable === false || undefined}
            >
              <span className={styles.dial}>
                <KeyDial votingKey={member.votingKey} size={32} />
              </span>
              <span className={styles.text}>
                <span className={styles.name}>{member.name}</span>
                <span className={styles.note}>
                  {status?.reachable === false
                    ? 'Not reachable'
                    : verified === undefined
                      ? 'No signature verified yet'
                      : `Verified ${agoText(verified, now)}`}
                </span>
              </span>
              <span className={styles.latency}>{status?.reachable ? durationText(status.latencyMs) : '–'}</span>
            </li>
          );
        })}
      </ul>
      <h2 className={styles.title}>Tempo</h2>
      <BlockClock />
      <dl className={styles.facts}>
        <div>
          <dt>Latest block</dt>
          <dd>{head ? heightText(head.latest.height) : '–'}</dd>
        </div>
        <div>
          <dt>Finalized</dt>
          <dd>{head ? heightText(head.finalized.height) : '–'}</dd>
        </div>
      </dl>
    </aside>
  );
}
