import type { ValidatorStatus } from '@fastpay/client';
import type { CommitteeMember, Evidence } from '@fastpay/protocol';
import { useState } from 'react';
import { useNetwork, useNotices } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { KeyDial } from '../../components/Identicon.tsx';
import { agoText, durationText, heightText, shortHex } from '../../state/format.ts';
import { problemOf } from '../../state/problem.ts';
import styles from './ValidatorCard.module.css';

interface ValidatorCardProps {
  readonly member: CommitteeMember;
  readonly status: ValidatorStatus | undefined;
  readonly verifiedAtMs: number | undefined;
  readonly nowMs: number;
  /** Proof that it broke the protocol, verified in this browser. */
  readonly evidence: readonly Evidence[];
}

export function ValidatorCard({ member, status, verifiedAtMs, nowMs, evidence }: ValidatorCardProps) {
  const process = useNetwork((state) => state.processes?.find(({ name }) => name === member.name));
  const up = status?.reachable ?? false;
  const info = status?.info;
  const observing = info?.observing ?? false;
  const state = !status ? 'Unknown' : !up ? 'Not reachable' : observing ? 'Watching only' : 'Reachable';
  return (
    <article
      className={styles.card}
      data-up={up || undefined}
      data-down={(status && !up) || undefined}
      data-caught={evidence.length > 0 || undefined}
      data-lit={(up && verifiedAtMs !== undefined) || undefined}
      aria-label={member.name}
    >
      <header className={styles.top}>
        <span className={styles.dial}>
          <KeyDial votingKey={member.votingKey} size={44} />
        </span>
        <div className={styles.names}>
          <h3>{member.name}</h3>
          <p className={styles.key}>{shortHex(member.votingKey, 6)}</p>
        </div>
        <p className={styles.latency}>{status && up ? durationText(status.latencyMs) : '–'}</p>
      </header>
      <dl className={styles.facts}>
        <div>
          <dt>State</dt>
          <dd className={styles.state}>{state}</dd>
        </div>
        <div>
          <dt>Verified here</dt>
          <dd>{verifiedAtMs === undefined ? 'Not yet' : agoText(verifiedAtMs, nowMs)}</dd>
        </div>
        <div>
          <dt>Last signed</dt>
          <dd>{info && info.lastSignedAtMs > 0 ? agoText(info.lastSignedAtMs, nowMs) : '–'}</dd>
        </div>
        <div>
          <dt>Finalized block</dt>
          <dd>{info ? heightText(info.finalizedHeight) : '–'}</dd>
        </div>
      </dl>
      {observing && (
        <p className={styles.remark}>Its store was lost or rolled back. It signs nothing any more, and settles only.</p>
      )}
      {evidence.map((proof) => (
        <p key={evidenceKey(proof)} className={styles.caught}>
          Broke the protocol: {evidenceText[proof.type]}. Both signatures were verified in this browser.
        </p>
      ))}
      {process && <Switch name={member.name} running={process.running} />}
    </article>
  );
}

const evidenceText: Record<Evidence['type'], string> = {
  votes: 'it voted for two values in one round',
  commits: 'it committed to two values in one round',
  promise: 'it committed against its own promise',
};

function evidenceKey(proof: Evidence): string {
  const { slot, round } = proof.type === 'promise' ? proof.commit : proof.first;
  return `${proof.type}/${slot.owner}/${slot.asset}/${slot.sequence}/${round}`;
}

/** The stage trick: take a validator away and see what happens to payments. Offered by a devnet only. */
function Switch({ name, running }: { readonly name: string; readonly running: boolean }) {
  const [asking, setAsking] = useState(false);
  const busy = useNetwork((state) => state.switching.has(name));
  const switchValidator = useNetwork((state) => state.switchValidator);
  const toast = useNotices((state) => state.toast);
  const run = (to: boolean) => {
    setAsking(false);
    switchValidator(name, to).then(
      () => toast(to ? `${name} is running` : `${name} was stopped`),
      (error: unknown) => toast(problemOf(error).message, 'problem'),
    );
  };
  return (
    <>
      <Button
        size="small"
        icon="power"
        look={running ? 'secondary' : 'primary'}
        busy={busy}
        onClick={() => (running ? setAsking(true) : run(true))}
      >
        {running ? `Stop ${name}` : `Start ${name}`}
      </Button>
      {asking && (
        <Dialog title={`Stop ${name}?`} onClose={() => setAsking(false)}>
          <p className="quiet">
            Its process on this development network is ended. Payments go on while enough others sign; with too few they
            wait, and complete by themselves once enough are back.
          </p>
          <div className={styles.choice}>
            <Button onClick={() => setAsking(false)}>Keep running</Button>
            <Button look="danger" icon="power" onClick={() => run(false)}>
              Stop {name}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
