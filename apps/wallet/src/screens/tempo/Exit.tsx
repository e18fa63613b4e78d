import { useEffect, useState } from 'react';
import { useNow } from '../../app/useNow.ts';
import { useAccount, useNetwork, useSession, useTempo } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import type { OnTempo } from '../../platform/ports.ts';
import { amountText, exactTimeText, waitText } from '../../state/format.ts';
import { Records } from './Records.tsx';
import styles from './Tempo.module.css';
import { TempoTabs } from './TempoTabs.tsx';
import { TokenBalance } from './TokenBalance.tsx';

/** The way out that needs nobody: the reserve pays the account out after a delay, whatever the validators do. */
export function Exit() {
  const { asset, detached } = useSession();
  const lookAtReserve = useTempo((state) => state.lookAtReserve);
  const onTempo = useTempo((state) => state.onTempo);
  const problem = useTempo((state) => state.problem);
  useEffect(() => {
    if (!detached) void lookAtReserve();
  }, [lookAtReserve, detached]);

  return (
    <>
      <ScreenHeader title="Exit" back="home">
        <p>
          Takes everything out of FastPay without asking a validator or the relay. To get out while they work, Withdraw
          is faster: an exit has to wait, so that payments made before it can be settled.
        </p>
      </ScreenHeader>
      <TempoTabs screen="exit" />
      <div className={styles.tempo}>
        <TokenBalance purpose="requestExit" />
        {onTempo && (
          <>
            <Facts>
              <Fact name="Yours in the reserve contract">
                <Amount value={onTempo.balance} symbol={asset.symbol} />
              </Fact>
            </Facts>
            {onTempo.owed > 0n && <Waiting owed={onTempo.owed} />}
            <Unsettled onTempo={onTempo} />
            {onTempo.exitReadyAt === undefined ? (
              <Request onTempo={onTempo} />
            ) : (
              <Requested onTempo={onTempo} readyAt={onTempo.exitReadyAt} />
            )}
          </>
        )}
        {problem && <ProblemNote problem={problem} />}
        <Records types={['requestExit', 'cancelExit', 'exit', 'release']} />
      </div>
    </>
  );
}

/** What the token refused to pay out, or fees of what one settled oneself: it lies there until somebody fetches it. */
function Waiting({ owed }: { readonly owed: bigint }) {
  const { asset } = useSession();
  const act = useTempo((state) => state.act);
  const busy = useTempo((state) => state.busy);
  const mayAct = useMayAct();
  return (
    <Banner
      icon="info"
      title={`${amountText(owed)} ${asset.symbol} wait for you in the reserve`}
      actions={
        <Button
          size="small"
          busy={busy === 'release'}
          disabled={!mayAct}
          onClick={() => void act({ type: 'release', amount: owed })}
        >
          Fetch
        </Button>
      }
    >
      <p>A payout that the token refused, or fees of payments that you settled. It is yours alone; nothing expires.</p>
    </Banner>
  );
}

/** What FastPay says one has and the contract does not know yet. */
function Unsettled({ onTempo }: { readonly onTempo: OnTempo }) {
  const { asset } = useSession();
  const balance = useAccount((state) => state.view?.balance);
  if (balance === undefined || balance === onTempo.balance) return null;
  return (
    <p className={styles.note}>
      FastPay says {amountText(balance)} {asset.symbol}: payments that are not settled on the chain yet make the
      difference. They are settled before the exit; received ones you can also settle yourself, under Activity.
    </p>
  );
}

function useMayAct(): boolean {
  const { detached } = useSession();
  const busy = useTempo((state) => state.busy);
  const relay = useNetwork((state) => state.relay);
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.requestExit);
  const canPay = tokens !== undefined && fee !== undefined && tokens >= fee;
  return !detached && busy === undefined && relay !== 'unreachable' && canPay;
}

function FeeNote() {
  const { asset } = useSession();
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.requestExit);
  if (fee === undefined || tokens === undefined) return null;
  if (tokens >= fee) {
    return (
      <p className={styles.note}>
        The network takes at most {amountText(fee)} {asset.symbol} of your tokens on Tempo for each step.
      </p>
    );
  }
  return (
    <Banner tone="amber" icon="alert" title="The network fee is missing">
      <p>
        Each step costs up to {amountText(fee)} {asset.symbol}, paid from your tokens on Tempo. Have some sent to your
        address first.
      </p>
    </Banner>
  );
}

function Request({ onTempo }: { readonly onTempo: OnTempo }) {
  const act = useTempo((state) => state.act);
  const busy = useTempo((state) => state.busy);
  const [asking, setAsking] = useState(false);
  const mayAct = useMayAct();
  const wait = waitText(Number(onTempo.exitDelaySeconds) * 1_000);
  return (
    <>
      <FeeNote />
      <Button
        size="large"
        wide
        icon="exit"
        busy={busy === 'requestExit'}
        disabled={!mayAct}
        onClick={() => setAsking(true)}
      >
        Request an exit…
      </Button>
      {asking && (
        <Dialog title="Request an exit?" onClose={() => setAsking(false)}>
          <p>
            From then on this account cannot pay, and whoever it pays is told that it leaves. After {wait} you can take
            everything out. Until then you can call it off.
          </p>
          <Button
            look="primary"
            size="large"
            wide
            onClick={() => {
              void act({ type: 'requestExit' });
              setAsking(false);
            }}
          >
            Request the exit
          </Button>
        </Dialog>
      )}
    </>
  );
}

function Requested({ onTempo, readyAt }: { readonly onTempo: OnTempo; readonly readyAt: bigint }) {
  const { asset } = useSession();
  const act = useTempo((state) => state.act);
  const busy = useTempo((state) => state.busy);
  const mayAct = useMayAct();
  const now = useNow(1_000);
  const head = useNetwork((state) => state.head);
  // The contract goes by the time of the chain, whatever this device's clock says.
  const leftMs = Number(readyAt) * 1_000 - (head ? Number(head.latest.timestamp) * 1_000 : now);
  const isReady = leftMs <= 0;
  return (
    <>
      <Banner
        tone="amber"
        icon="clock"
        title={isReady ? 'You can leave now' : `You can leave in ${waitText(leftMs)}`}
        live
      >
        <p>
          Ready on {exactTimeText(Number(readyAt) * 1_000)}. While the exit stands, this account makes no payments; what
          it receives still counts.
        </p>
      </Banner>
      <FeeNote />
      <Button
        look="primary"
        size="large"
        wide
        busy={busy === 'exit'}
        disabled={!mayAct || !isReady}
        onClick={() => void act({ type: 'exit', amount: onTempo.balance })}
      >
        Take {amountText(onTempo.balance)} {asset.symbol} out
      </Button>
      <Button
        size="large"
        wide
        busy={busy === 'cancelExit'}
        disabled={!mayAct}
        onClick={() => void act({ type: 'cancelExit' })}
      >
        Call the exit off
      </Button>
    </>
  );
}
