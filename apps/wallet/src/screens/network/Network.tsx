import { type Evidence, quorumStake, totalStake } from '@fastpay/protocol';
import { useNow } from '../../app/useNow.ts';
import { useNetwork, useSession } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { BlockClock } from '../../components/BlockClock.tsx';
import { Button } from '../../components/Button.tsx';
import { Lamps } from '../../components/Lamps.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { agoText, heightText } from '../../state/format.ts';
import styles from './Network.module.css';
import { ValidatorCard } from './ValidatorCard.tsx';

function signerOf(proof: Evidence): number {
  return (proof.type === 'promise' ? proof.commit : proof.first).signature.signer;
}

export function Network() {
  const { network } = useSession();
  const { committee } = network;
  const validators = useNetwork((state) => state.validators);
  const verifiedAt = useNetwork((state) => state.verifiedAt);
  const relay = useNetwork((state) => state.relay);
  const problem = useNetwork((state) => state.problem);
  const look = useNetwork((state) => state.look);
  const evidence = useNetwork((state) => state.evidence);
  const head = useNetwork((state) => state.head);
  const movedAt = useNetwork((state) => state.headMovedAtMs);
  const now = useNow(1_000);

  const size = committee.members.length;
  const quorum = quorumStake(committee);
  const equal = totalStake(committee) === BigInt(size);
  const reachable = validators.filter((status) => status.reachable).map(({ signer }) => signer);
  const reachableStake = reachable.reduce((sum, signer) => sum + (committee.members[signer]?.stake ?? 0n), 0n);
  const canPay = relay === 'reachable' && reachableStake >= quorum;

  return (
    <>
      <ScreenHeader title="Network" />
      <div className={styles.network}>
        <section className={styles.quorum} aria-label="Quorum">
          <div className={styles.rule}>
            <p className={styles.ruleNumber}>
              {`${quorum}`} <span>of {`${totalStake(committee)}`}</span>
            </p>
            <p className={styles.ruleText}>
              {equal ? 'validators have to sign' : 'stake has to sign'} before a payment counts. Fewer than a third can
              be wrong, silent or hostile without any harm.
            </p>
          </div>
          <p
            className={styles.ruleState}
            data-tone={validators.length === 0 || relay === 'unreachable' ? undefined : canPay ? 'good' : 'bad'}
            role="status"
            data-testid="quorum-state"
          >
            <Lamps size={size} lit={relay === 'reachable' ? reachable : []} reported />
            {relay === 'unreachable'
              ? 'Unknown while the relay cannot be reached'
              : validators.length === 0
                ? 'Asking…'
                : canPay
                  ? `${reachable.length} of ${size} reachable: payments go through`
                  : `${reachable.length} of ${size} reachable: payments wait, nothing is lost`}
          </p>
        </section>

        {relay === 'unreachable' && (
          <Banner
            tone="amber"
            icon="offline"
            title="The relay cannot be reached"
            live
            actions={
              <Button size="small" icon="refresh" onClick={() => void look()}>
                Try again
              </Button>
            }
          >
            <p>{problem?.message}</p>
            <p>The figures below are the last ones seen. The relay holds no keys and no money.</p>
          </Banner>
        )}

        <section aria-labelledby="validators">
          <h2 id="validators" className={styles.title}>
            Validators
          </h2>
          <ul className={styles.validators}>
            {committee.members.map((member, signer) => (
              <li key={member.name}>
                <ValidatorCard
                  member={member}
                  status={relay === 'unreachable' ? undefined : validators.find((status) => status.signer === signer)}
                  verifiedAtMs={verifiedAt.get(signer)}
                  nowMs={now}
                  evidence={evidence.filter((proof) => signerOf(proof) === signer)}
                />
              </li>
            ))}
          </ul>
        </section>

        <section aria-labelledby="chain" className={styles.chain}>
          <h2 id="chain" className={styles.title}>
            Tempo
          </h2>
          <BlockClock />
          <dl className={styles.heads}>
            <div>
              <dt>Latest block</dt>
              <dd data-testid="latest-block">{head ? heightText(head.latest.height) : '–'}</dd>
            </div>
            <div>
              <dt>Finalized</dt>
              <dd>{head ? heightText(head.finalized.height) : '–'}</dd>
            </div>
            <div>
              <dt>Seen</dt>
              <dd>{movedAt === undefined ? '–' : agoText(movedAt, now)}</dd>
            </div>
            <div>
              <dt>Epoch</dt>
              <dd>{`${committee.epoch}`}</dd>
            </div>
          </dl>
          <p className={styles.note}>
            Latency and block heights are the relay’s word. Signatures are not: every one that counts was verified in
            this browser.
          </p>
        </section>
      </div>
    </>
  );
}
