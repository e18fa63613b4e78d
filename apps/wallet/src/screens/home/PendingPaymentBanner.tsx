import { useNameOf } from '../../app/useNames.ts';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, usePayment, useSession } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { RetryText } from '../../components/RetryText.tsx';
import { amountText, shortHex } from '../../state/format.ts';

/** A signed payment that has not ended: what it means, and that nobody has to do anything. */
export function PendingPaymentBanner() {
  const pending = useAccount((state) => state.pending);
  const live = usePayment((state) => state.live);
  const retryNow = usePayment((state) => state.retryNow);
  const { asset } = useSession();
  const nameOf = useNameOf();
  if (!pending || live?.phase === 'paid') return null;
  const { order } = pending.signedOrder;
  const to = nameOf(order.recipient) ?? shortHex(order.recipient);
  return (
    <Banner
      tone="amber"
      icon="clock"
      live
      title={`${amountText(order.amount)} ${asset.symbol} to ${to} is waiting`}
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
        </>
      }
    >
      <p>
        Not enough validators have answered. Nothing is lost: the same signed payment is sent again until it completes,
        and it can only ever be paid once.
      </p>
      <RetryText />
    </Banner>
  );
}
