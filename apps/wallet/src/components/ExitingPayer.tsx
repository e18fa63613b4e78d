import type { Address } from '@fastpay/protocol';
import { useEffect, useState } from 'react';
import { useSession } from '../app/WalletContext.ts';
import { exactTimeText } from '../state/format.ts';
import { Banner } from './Banner.tsx';

/** Warns before one relies on a payment whose payer is about to take everything out of FastPay. */
export function ExitingPayer({ payer }: { readonly payer: Address }) {
  const { client, asset } = useSession();
  const [readyAt, setReadyAt] = useState<bigint>();
  useEffect(() => {
    let current = true;
    client.exitOf({ owner: payer, asset: asset.address }).then(
      (found) => current && setReadyAt(found),
      // Without an answer there is nothing to warn of; the certificate counts all the same.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client, payer, asset.address]);
  if (readyAt === undefined) return null;
  return (
    <Banner tone="amber" icon="clock" title="The payer is leaving FastPay" live>
      <p>
        Its exit is ready on {exactTimeText(Number(readyAt) * 1_000)}. Wait until this payment is final on chain before
        you rely on it, or settle it yourself in its details.
      </p>
    </Banner>
  );
}
