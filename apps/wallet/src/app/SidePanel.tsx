import { BlockClock } from '../components/BlockClock.tsx';
import { KeyDial } from '../components/Identicon.tsx';
import { agoText, durationText, heightText, shortHex, splitDuration } from '../state/format.ts';
import { formatHash } from './router.ts';
import styles from './SidePanel.module.css';
import { useNameOf } from './useNames.ts';
import { useNow } from './useNow.ts';
import { useAccount, useNetwork, useSession } from './WalletContext.ts';

/** On a wide screen: the committee at work, beside whatever one does. */
export function SidePanel() {
  const { network, address } = useSession();
  const { members } = network.committee;
  const validators = useNetwork((state) => state.validators);
  const verifiedAt = useNetwork((state) => state.verifiedAt);
  const head = useNetwork((state) => state.head);
  const last = useAccount((state) => state.items.find((item) => item.times.paid !== undefined));
  const nameOf = useNameOf();
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
      {last?.times.paid !== undefined && (
        <section className={styles.last}>
          <h2 className={styles.title}>Last payment</h2>
          <a className={styles.lastLink} href={formatHash('transaction', last.transactionHash)}>
            <span className={styles.lastTime}>
              {splitDuration(last.times.paid).value} <span>{splitDuration(last.times.paid).unit}</span>
            </span>
            <span className={styles.note}>
              to{' '}
              {last.order.recipient === address
                ? 'yourself'
                : (nameOf(last.order.recipient) ?? shortHex(last.order.recipient))}
              , from signing to a verified certificate
            </span>
          </a>
        </section>
      )}
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
