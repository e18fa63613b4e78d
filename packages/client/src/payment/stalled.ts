import { RejectError } from '@fastpay/protocol';

/**
 * Why a signed payment does not go on now. Its code and message are the other side's, which nobody has signed: so
 * whatever the code would mean for an unsigned request, here it means that the payment may still happen (§7 rule 8).
 */
class StalledError extends RejectError {
  override get money(): string {
    return 'No money has moved as far as this wallet can prove. The signed payment may still happen until its slot holds something else.';
  }

  override get action(): string {
    switch (this.code) {
      case 'EXPIRED':
        return 'Validators that have not voted for it yet will not any more; it completes if enough of them already had. Finish or cancel it, and pay again if it was cancelled.';
      case 'EQUIVOCATION':
      case 'STALE_ROUND':
        return 'Another device of this account has signed or begun something else for the same slot; only one of them can happen. Finish or cancel it, and the wallet says which one did.';
      case 'EXITING':
        return 'The account is being taken out of FastPay: the validators end the slot themselves. Cancel the exit to go on with the payment.';
      default:
        return 'The wallet keeps sending the same bytes and finishes by itself; they can only ever be paid once. It can be cancelled, unless it is certified already.';
    }
  }

  override get retryable(): boolean {
    return true;
  }
}

export function stalledBecause(reason: RejectError): RejectError {
  const stalled = new StalledError(reason.code, reason.message, reason.facts);
  stalled.cause = reason;
  return stalled;
}
