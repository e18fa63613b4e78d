import { OrderKind } from '@fastpay/protocol';
import { useEffect, useState } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { navigate, redirect } from '../../app/useRoute.ts';
import { useAccount, usePayment, useSession } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import { CancelDialog } from '../../components/CancelDialog.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { RetryText } from '../../components/RetryText.tsx';
import { SealRing } from '../../components/SealRing.tsx';
import { shortHex } from '../../state/format.ts';
import { countSeals, type LivePayment, sealsUntil } from '../../state/livePayment.ts';
import { BlockRace } from './BlockRace.tsx';
import { Headline } from './Headline.tsx';
import styles from './Payment.module.css';
import { SealList } from './SealList.tsx';
import { Stopwatch } from './Stopwatch.tsx';
import { useReplay } from './useReplay.ts';

/** The moment this wallet is about: a payment collecting its signatures. */
export function Payment() {
  const live = usePayment((state) => state.live);
  const clear = usePayment((state) => state.clear);
  const [done, setDone] = useState(false);

  // The payment's own screen is over when one leaves it after its end; one that still waits stays in the background.
  const ended = hasEnded(live);
  useEffect(() => {
    return () => {
      if (ended && done) clear();
    };
  }, [ended, done, clear]);

  // A reload after the end, or an old entry of the history: there is nothing to watch any more.
  const isOver = useAccount((state) => state.itemsLoaded && !state.pending) && !live;
  useEffect(() => {
    if (isOver) redirect('home');
  }, [isOver]);

  if (!live) return null;
  const leave = (to: 'home' | 'transaction') => {
    setDone(true);
    navigate(to, to === 'transaction' ? live.transactionHash : undefined);
  };
  return <LivePaymentView live={live} onLeave={leave} />;
}

function hasEnded(live: LivePayment | undefined): boolean {
  return live?.phase === 'paid' || live?.phase === 'skipped' || live?.phase === 'refused';
}

interface LivePaymentViewProps {
  readonly live: LivePayment;
  readonly onLeave: (to: 'home' | 'transaction') => void;
}

function LivePaymentView({ live, onLeave }: LivePaymentViewProps) {
  const { network, asset, address } = useSession();
  const retryNow = usePayment((state) => state.retryNow);
  const nameOf = useNameOf();
  const replay = useReplay(live);
  const [asking, setAsking] = useState(false);
  const isPaid = live.phase === 'paid';
  useEffect(() => {
    if (isPaid) navigator.vibrate?.(18);
  }, [isPaid]);
  const { members } = network.committee;
  const isOwn = live.recipient === address;
  const to = isOwn ? 'your own address on Tempo' : (nameOf(live.recipient) ?? shortHex(live.recipient));
  const seals = replay.atMs === undefined ? live.seals : sealsUntil(live.seals, replay.atMs);
  const counts = countSeals(live);
  // Times mean something only for a payment that went through in one go.
  const atOnce = live.attempts === 1 && !live.resumed;
  const ended = hasEnded(live);
  const mayCancel = live.phase === 'stalled' && live.transactionHash !== undefined && !live.cancelling;
  const ringState =
    live.phase === 'paid'
      ? replay.atMs === undefined
        ? 'paid'
        : 'working'
      : live.phase === 'stalled'
        ? 'stalled'
        : 'working';

  return (
    <article className={styles.payment} data-phase={live.phase} data-testid="payment">
      <h1 className="visually-hidden">
        {live.kind === OrderKind.withdraw ? 'Withdrawal' : 'Payment'} of {asset.symbol} to {to}
      </h1>
      <p className={styles.what}>
        <Amount value={live.amount} symbol={asset.symbol} />
        <span className={styles.to}>
          to <Identicon address={live.recipient} size={22} /> <span className={styles.name}>{to}</span>
        </span>
      </p>

      <div className={styles.stage}>
        <SealRing
          key={replay.run}
          size={members.length}
          seals={seals}
          failures={live.failures}
          state={live.phase === 'preparing' ? 'waiting' : ringState}
          staggered={replay.atMs === undefined}
        >
          <Stopwatch live={live} replayMs={replay.atMs} />
        </SealRing>

        <div className={styles.side}>
          <Headline live={live} counts={counts} committee={network.committee} />
          <SealList members={members} seals={seals} failures={live.failures} timed={atOnce} />
          {live.phase === 'paid' && atOnce && <BlockRace live={live} />}
        </div>
      </div>

      {live.phase === 'stalled' && (
        <div className={styles.waiting}>
          <RetryText />
          {live.problem && live.problem.code !== 'TEMPORARILY_UNAVAILABLE' && <ProblemNote problem={live.problem} />}
        </div>
      )}
      {live.phase === 'refused' && live.problem && <ProblemNote problem={live.problem} />}

      <div className={styles.actions}>
        {live.phase === 'stalled' && (
          <Button size="large" icon="refresh" onClick={retryNow}>
            Try now
          </Button>
        )}
        {mayCancel && (
          <Button size="large" onClick={() => setAsking(true)}>
            Cancel the payment…
          </Button>
        )}
        {live.phase === 'paid' && (
          <>
            <Button icon="replay" onClick={replay.start} disabled={replay.atMs !== undefined || !atOnce}>
              Replay
            </Button>
            <Button onClick={() => onLeave('transaction')}>Details</Button>
          </>
        )}
        {live.phase === 'refused' && (
          <Button size="large" onClick={() => navigate('review')}>
            Back to the payment
          </Button>
        )}
        <Button look={ended ? 'primary' : 'secondary'} size="large" onClick={() => onLeave('home')}>
          {ended ? 'Done' : 'Continue in the background'}
        </Button>
      </div>
      {asking && <CancelDialog onClose={() => setAsking(false)} />}
    </article>
  );
}
