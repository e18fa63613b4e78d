import { type Address, type Hash, SKIP } from '@fastpay/protocol';
import type { BulletinEvent } from '../validator.ts';

/** Who and which payment a log line is about: what it can be found by, live and in the store. */

/** Owners that pay, are paid or deposit, each once. */
export function ownersOf(event: BulletinEvent): readonly Address[] {
  if (event.type === 'deposited') return [event.deposit.account.owner];
  const { slot, signedOrder } = event.certificate;
  const recipient = signedOrder?.order.recipient;
  return recipient === undefined || recipient === slot.owner ? [slot.owner] : [slot.owner, recipient];
}

export function paymentOf(event: BulletinEvent): Hash | undefined {
  if (event.type === 'deposited') return undefined;
  const { value } = event.certificate;
  return value === SKIP ? undefined : value;
}
