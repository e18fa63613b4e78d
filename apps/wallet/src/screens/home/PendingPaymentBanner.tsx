import type { PendingPayment } from '@fastpay/client';
import { useState } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, usePayment, useSession } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { CancelDialog } from '../../components/CancelDialog.tsx';
import { RetryText } from '../../components/RetryText.tsx';
import { amountText, shortHex } from '../../state/format.ts';

function whyText({ origin, expired, rivals }: PendingPayment, cancelling: boolean): string {
  if (cancelling) return 'Not enough validators have answered. Until they have agreed, the payment may still happen.';
  if (rivals.length > 0) {
    return 'Another device signed another payment at the same moment. One of the two is paid, never both; this wallet ends it as soon as enough validators answer.';
  }
  if (origin === 'adopted') {
    return 'It was signed with your key on another device, and found at the validators. This wallet finishes it; it can only ever be paid once.';
  }
  if (expired) return 'It ran out before enough validators had voted. It may still happen until it is cancelled.';
  return 'Not enough validators have answered. Nothing is lost: the same signed payment is sent again until it completes, and it can only ever be paid once.';
}

/** A signed payment that has not ended: what it means, and that nobody has to do anything. */
export function PendingPaymentBanner() {
  const pending = useAccount((state) => state.pending);
  const live = usePayment((state) => state.live);
  const retryNow = usePayment((state) => state.retryNow);
  const { asset, address } = useSession();
  const nameOf = useNameOf();
  const [asking, setAsking] = useState(false);
  if (!pending || live?.phase === 'paid' || live?.phase === 'skipped') return null;
  const { order } = pending.signedOrder;
  const to = order.recipient === address ? 'yourself' : (nameOf(order.recipient) ?? shortHex(order.recipient));
  return (
    <Banner
      tone="amber"
      icon="clock"
      live
      title={`${amountText(order.amount)} ${asset.symbol} to ${to} is ${live?.cancelling ? 'being cancelled' : 'waiting'}`}
      actions={
        <>
          <Button size="small" onClick={() => navigate('payment')}>
            Watch
          </Button>
          {live?.phase === 'stalled' && (
            <Button size="small" look="quiet" icon="refresh" onClick={retryNow}>
              Try now
            </Button>
          )}
          {live?.phase === 'stalled' && !live.cancelling && (
            <Button size="small" look="quiet" onClick={() => setAsking(true)}>
              Cancel…
            </Button>
          )}
        </>
      }
    >
      <p>{whyText(pending, live?.cancelling ?? false)}</p>
      <RetryText />
      {asking && <CancelDialog onClose={() => setAsking(false)} />}
    </Banner>
  );
}
