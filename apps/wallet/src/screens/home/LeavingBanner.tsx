import { navigate } from '../../app/useRoute.ts';
import { useAccount } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { exactTimeText } from '../../state/format.ts';

/** Somebody requested this account's exit, here or elsewhere: validators sign no payment of it any more. */
export function LeavingBanner() {
  const readyAt = useAccount((state) => state.view?.exitReadyAt);
  if (readyAt === undefined) return null;
  return (
    <Banner
      tone="amber"
      icon="exit"
      title="This account is leaving FastPay"
      actions={
        <Button size="small" onClick={() => navigate('exit')}>
          Look at the exit
        </Button>
      }
    >
      <p>
        It can be paid out from {exactTimeText(Number(readyAt) * 1_000)} on. Until the exit is called off, it receives
        and does not pay.
      </p>
    </Banner>
  );
}
