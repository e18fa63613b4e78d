import { useEffect } from 'react';
import { redirect } from '../../app/useRoute.ts';
import { useDraft } from '../../app/WalletContext.ts';
import { AmountStep } from './AmountStep.tsx';
import { RecipientStep } from './RecipientStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';

/** Whom, how much, yes. Each step is a place of its own, so that Back goes back one. */
export function Pay({ step }: { readonly step: 'pay' | 'amount' | 'review' }) {
  const recipient = useDraft((state) => state.recipient);
  const lost = step !== 'pay' && recipient === undefined;
  useEffect(() => {
    // A reload forgets the draft: begin with the recipient again.
    if (lost) redirect('pay');
  }, [lost]);
  if (step === 'pay' || recipient === undefined) return <RecipientStep />;
  return step === 'amount' ? <AmountStep recipient={recipient} /> : <ReviewStep recipient={recipient} />;
}
