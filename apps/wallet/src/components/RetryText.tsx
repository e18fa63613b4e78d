import { useEffect, useState } from 'react';
import { usePayment } from '../app/WalletContext.ts';

/** When the pending payment is sent again. */
export function RetryText() {
  const retryAt = usePayment((state) => state.live?.retryAt);
  const attempts = usePayment((state) => state.live?.attempts ?? 0);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (retryAt === undefined) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [retryAt]);
  if (attempts === 0) return null;
  if (retryAt === undefined) return <p className="numeric">Attempt {attempts}: asking the validators…</p>;
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <p className="numeric">
      Attempt {attempts} found no quorum. Trying again {seconds === 0 ? 'now' : `in ${seconds} s`}.
    </p>
  );
}
