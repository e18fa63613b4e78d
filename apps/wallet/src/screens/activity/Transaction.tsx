import type { ActivityItem } from '@fastpay/client';
import { OrderKind, quorumStake, totalStake } from '@fastpay/protocol';
import { useNameOf } from '../../app/useNames.ts';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, usePreferences, useSession } from '../../app/WalletContext.ts';
import { Amount, HeroAmount } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyIcon } from '../../components/CopyButton.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ExitingPayer } from '../../components/ExitingPayer.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { KeyDial } from '../../components/Identicon.tsx';
import { PartyCard } from '../../components/PartyCard.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { counterparty } from '../../state/activityList.ts';
import { durationText, exactTimeText, heightText, shortHex } from '../../state/format.ts';
import { type TimelineStep, timelineOf } from '../../state/stages.ts';
import { SelfSettle } from './SelfSettle.tsx';
import styles from './Transaction.module.css';

export function Transaction({ hash }: { readonly hash: string }) {
  const item = useAccount((state) => state.items.find((candidate) => candidate.transactionHash === hash));
  const loaded = useAccount((state) => state.itemsLoaded);
  if (item) return <Details item={item} />;
  return (
    <>
      <ScreenHeader title="Payment" back="activity" />
      {loaded && (
        <Empty icon="search" title="This device does not know this payment">
          <Button onClick={() => navigate('activity')}>All activity</Button>
        </Empty>
      )}
    </>
  );
}

function Details({ item }: { readonly item: ActivityItem }) {
  const { address, network, asset } = useSession();
  const hidden = usePreferences((state) => state.hideBalance);
  const nameOf = useNameOf();
  const { order, certificate } = item;
  const { committee } = network;
  const other = counterparty(item);
  const name = nameOf(other);
  const sent = item.direction === 'sent';
  const withdrawn = order.kind === OrderKind.withdraw;
  const signers = certificate?.signatures.map(({ signer }) => signer) ?? [];
  const timeline = timelineOf(item, `${quorumStake(committee)} of ${totalStake(committee)}`);

  return (
    <>
      <ScreenHeader title={withdrawn ? 'Withdrawn' : sent ? 'Sent' : 'Received'} back="activity" />
      <div className={styles.details}>
        <HeroAmount value={order.amount} symbol={asset.symbol} hidden={hidden} />
        <PartyCard label={sent ? 'Recipient' : 'Sender'} address={other}>
          {sent ? 'To' : 'From'}{' '}
          {other === address && withdrawn ? 'your own address on Tempo' : (name ?? 'this address')}
        </PartyCard>

        <section aria-labelledby="stages">
          <h2 id="stages" className={styles.title}>
            What happened
          </h2>
          <ol className={styles.timeline}>
            {timeline.map((step) => (
              <Step key={step.title} step={step} />
            ))}
          </ol>
          {timeline.some(({ standing, atMs }) => standing === 'reported' && atMs !== undefined) && (
            <p className={styles.times}>
              {sent ? 'Times count from the signature.' : 'Times count from its arrival here.'} Those of the chain are
              when the relay told this browser.
            </p>
          )}
          {!sent && item.observed?.stage !== 'FINALIZED' && <ExitingPayer payer={order.sender} />}
          <SelfSettle item={item} />
        </section>

        <section aria-labelledby="certificate">
          <h2 id="certificate" className={styles.title}>
            Certificate
          </h2>
          {certificate ? (
            <>
              <p className={styles.verified}>Verified in this browser against the committee it has pinned.</p>
              <ul className={styles.signers} aria-label="Signers">
                {committee.members.map((member, signer) => (
                  <li key={member.name} data-signed={signers.includes(signer) || undefined}>
                    <KeyDial votingKey={member.votingKey} size={28} />
                    <span>{member.name}</span>
                    <span className="visually-hidden">
                      {signers.includes(signer) ? 'signed' : 'not in this certificate'}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          ) : (
            <p className="quiet">There is none yet. Without one nothing is paid.</p>
          )}
          <Facts>
            <Fact name="Payment">
              <Copyable text={item.transactionHash} what="Payment hash" />
            </Fact>
            {certificate && <Fact name="Epoch and round">{`${certificate.epoch} / ${certificate.round}`}</Fact>}
            <Fact name="Number of the sender’s payment">{`${order.sequence}`}</Fact>
            <Fact name={sent ? 'Fee' : 'Fee, paid by the sender'}>
              <Amount value={order.fee} symbol={asset.symbol} />
            </Fact>
            {order.parents.length > 0 && (
              <Fact name="Funded by">
                <span className={styles.parents}>
                  {order.parents.map((parent) => (
                    <Copyable key={parent} text={parent} what="Funding payment hash" />
                  ))}
                </span>
              </Fact>
            )}
            <Fact name={sent ? 'Signed' : 'First seen'}>{exactTimeText(item.createdAtMs)}</Fact>
            {item.observed?.settlement && (
              <>
                <Fact name="Tempo block">{heightText(item.observed.settlement.blockHeight)}</Fact>
                <Fact name="Tempo transaction">
                  <Copyable text={item.observed.settlement.transactionHash} what="Tempo transaction hash" />
                </Fact>
              </>
            )}
          </Facts>
        </section>
      </div>
    </>
  );
}

function Copyable({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className={styles.copyable}>
      <span className="mono">{shortHex(text, 6)}</span>
      <CopyIcon text={text} what={what} />
    </span>
  );
}

const standings: Record<TimelineStep['standing'], string> = {
  verified: 'Verified here',
  reported: 'Reported by the relay',
  open: 'Not yet',
  ended: 'Ended',
};

function Step({ step }: { readonly step: TimelineStep }) {
  return (
    <li className={styles.step} data-standing={step.standing}>
      <span className={styles.dot} aria-hidden="true" />
      <div className={styles.stepText}>
        <p className={styles.stepTitle}>
          {step.title}
          <span className="visually-hidden">: {standings[step.standing]}</span>
        </p>
        <p className={styles.stepDetail}>{step.detail}</p>
      </div>
      {step.atMs !== undefined && step.atMs > 0 && (
        <span className={styles.stepTime}>
          {step.isAtMost ? '≤ ' : ''}
          {durationText(step.atMs)}
        </span>
      )}
    </li>
  );
}
