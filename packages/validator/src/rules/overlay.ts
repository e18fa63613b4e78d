import { type AccountId, type CommitCertificate, orderCost } from '@fastpay/protocol';
import { type AccountState, NEW_ACCOUNT } from '../state/account-state.ts';
import { creditOf } from './resolve.ts';

/** The part of a balance that the chain does not have yet: kept as sums, so that they are exact at every moment. */

/** An account and what one payment changes of it. */
export interface OverlayChange {
  readonly account: AccountId;
  readonly apply: (state: AccountState | undefined) => AccountState;
}

/** `sign` 1 when a payment is resolved and not settled yet, −1 once it is seen final on chain. Nothing for SKIP. */
export function overlayChanges(certificate: CommitCertificate, sign: 1n | -1n): readonly OverlayChange[] {
  const { slot, signedOrder } = certificate;
  if (!signedOrder) return [];
  const { owner, asset } = slot;
  const cost = sign * orderCost(signedOrder.order);
  const credit = creditOf(certificate);
  const payer: OverlayChange = {
    account: { owner, asset },
    apply: (state = NEW_ACCOUNT) => ({
      ...state,
      unsettledCount: state.unsettledCount + sign,
      unsettledOut: state.unsettledOut + cost,
    }),
  };
  if (credit === undefined) return [payer];
  const recipient: OverlayChange = {
    account: { owner: signedOrder.order.recipient, asset },
    apply: (state = NEW_ACCOUNT) => ({
      ...state,
      unsettledCount: state.unsettledCount + sign,
      unsettledIn: state.unsettledIn + sign * credit,
    }),
  };
  return [payer, recipient];
}
