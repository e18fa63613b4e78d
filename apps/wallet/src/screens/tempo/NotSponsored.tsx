import { useNetwork, useSession, useTempo } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { amountText } from '../../state/format.ts';
import type { SponsorRefusal } from '../../state/tempo.ts';

/** A deposit that nobody paid for: why, that no money moved, and the same deposit with one's own fee in one tap. */
export function NotSponsored({ refusal }: { readonly refusal: SponsorRefusal }) {
  const { asset, detached } = useSession();
  const act = useTempo((state) => state.act);
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.deposit);
  const busy = useTempo((state) => state.busy);
  const relay = useNetwork((state) => state.relay);

  const most = tokens === undefined || fee === undefined ? 0n : tokens - fee;
  const isShort = refusal.amount > most;
  const amount = isShort ? most : refusal.amount;
  const fallback =
    amount > 0n
      ? `No money has moved. You can pay it yourself, at most ${amountText(fee ?? 0n)} ${asset.symbol}${isShort ? ' out of the amount' : ''}; the deposit happens only once.`
      : 'No money has moved. There is too little at your address to pay it yourself; ask again later.';
  return (
    <Banner
      tone="amber"
      icon="alert"
      title={`${refusal.sponsor} did not pay the network fee`}
      live
      actions={
        amount > 0n && (
          <Button
            size="small"
            disabled={busy !== undefined || relay === 'unreachable' || detached}
            onClick={() => void act({ type: 'deposit', amount })}
          >
            Pay the fee, deposit {amountText(amount)} {asset.symbol}
          </Button>
        )
      }
    >
      <p>{refusal.problem.message}</p>
      <p>{fallback}</p>
    </Banner>
  );
}
