import { type CommitCertificate, SKIP } from '@fastpay/protocol';
import type { PaymentEnding } from '../client.ts';
import type { JournalEntry } from '../store/client-store.ts';

/** What a slot's certificate means for one of the orders that were signed for it. */
export function endingOf(
  { transactionHash, signedOrder }: Pick<JournalEntry, 'transactionHash' | 'signedOrder'>,
  certificate: CommitCertificate,
  isCancelling: boolean,
): PaymentEnding {
  const { value } = certificate;
  const held = certificate.signedOrder?.order;
  const outcome = value === SKIP ? 'cancelled' : value === transactionHash ? 'paid' : 'replaced';
  const tooLateToCancel = isCancelling && outcome !== 'cancelled';
  const { recipient, memo } = signedOrder.order;
  const sameRecipientAndMemo = outcome === 'replaced' && held?.recipient === recipient && held.memo === memo;
  return {
    outcome,
    tooLateToCancel,
    sameRecipientAndMemo,
    message: messageOf(outcome, tooLateToCancel, sameRecipientAndMemo),
  };
}

function messageOf(outcome: PaymentEnding['outcome'], tooLateToCancel: boolean, isAlike: boolean): string {
  switch (outcome) {
    case 'paid':
      return tooLateToCancel ? 'It had been certified already: it is paid.' : 'It is paid.';
    case 'replaced': {
      const certified = tooLateToCancel ? 'That one had been certified already. ' : '';
      const alike = isAlike ? ' It has the same recipient and memo: it may be the very payment that was meant.' : '';
      return `Another payment of this account is paid instead; this one never will be. ${certified}${alike}`.trim();
    }
    case 'cancelled':
      return 'It is cancelled: nothing was paid, and it never will be.';
  }
}
