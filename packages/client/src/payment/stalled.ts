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
    const cancel = 'Cancelling it is not possible in this version.';
    switch (this.code) {
      case 'EXPIRED':
        return `Validators that have not voted for it yet will not any more; it completes if enough of them already had. ${cancel}`;
      case 'EQUIVOCATION':
        return `Another device of this account has signed a different payment for the same slot; only one of them can happen. The wallet finishes whichever it can. ${cancel}`;
      default:
        return `The wallet keeps sending the same bytes and finishes by itself; they can only ever be paid once. ${cancel}`;
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
