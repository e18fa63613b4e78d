import { useEffect } from 'react';
import { Amount } from '../components/Amount.tsx';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { ExitingPayer } from '../components/ExitingPayer.tsx';
import { Identicon } from '../components/Identicon.tsx';
import { SealRing } from '../components/SealRing.tsx';
import { amountText, shortHex } from '../state/format.ts';
import styles from './Arrival.module.css';
import type { Screen } from './router.ts';
import { useNameOf } from './useNames.ts';
import { navigate } from './useRoute.ts';
import { useAccount, useNotices, useSession } from './WalletContext.ts';

/** Screens on which somebody is in the middle of something: there a toast has to do. */
const busyScreens: readonly Screen[] = [
  'pay',
  'amount',
  'review',
  'payment',
  'deposit',
  'withdraw',
  'send',
  'exit',
  'settings',
];

/** Money has arrived: the certificate has just been verified here, so it can be spent at once. */
export function ArrivalDialog({ screen }: { readonly screen: Screen }) {
  const item = useAccount((state) => state.arrived);
  const dismiss = useAccount((state) => state.dismissArrived);
  const say = useNotices((state) => state.say);
  const toast = useNotices((state) => state.toast);
  const busy = busyScreens.includes(screen);
  const { network, asset } = useSession();
  const nameOf = useNameOf();
  const sender = item && (nameOf(item.order.sender) ?? shortHex(item.order.sender));

  useEffect(() => {
    if (!item) return;
    const text = `Received ${amountText(item.order.amount)} ${asset.symbol} from ${sender}`;
    navigator.vibrate?.([12, 60, 18]);
    if (!busy) return say(text);
    toast(text, 'evidence');
    dismiss();
  }, [item, busy, say, toast, dismiss, asset.symbol, sender]);

  if (!item || busy) return null;
  const signers = item.certificate?.signatures.map(({ signer }) => signer) ?? [];
  const size = network.committee.members.length;
  return (
    <Dialog title="Received" onClose={dismiss}>
      <div className={styles.arrival} data-testid="received">
        <SealRing
          size={size}
          seals={new Map(signers.map((signer, place) => [signer, { voteMs: place, commitMs: place + signers.length }]))}
          failures={new Map()}
          state="paid"
        >
          <p className={styles.amount}>
            <Amount value={item.order.amount} signed />
          </p>
          <p className={styles.symbol}>{asset.symbol}</p>
        </SealRing>
        <p className={styles.from}>
          <Identicon address={item.order.sender} size={24} /> <span>from {sender}</span>
        </p>
        <p className="quiet">
          Certificate verified in this browser: {signers.length} of {size} signatures. You can spend it now.
        </p>
        <ExitingPayer payer={item.order.sender} />
        <div className={styles.actions}>
          <Button
            wide
            onClick={() => {
              dismiss();
              navigate('transaction', item.transactionHash);
            }}
          >
            Details
          </Button>
          <Button look="primary" wide data-begin onClick={dismiss}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
