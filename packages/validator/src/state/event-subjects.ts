import { type Address, evidenceSubject, type Hash, SKIP } from '@fastpay/protocol';
import type { BulletinEvent } from '../validator.ts';

/** Who and which payment a log line is about: what it can be found by, live and in the store. */

/** Owners that pay, are paid, deposit, leave or in whose slot a validator misbehaved, each once. */
export function ownersOf(event: BulletinEvent): readonly Address[] {
  if (event.type === 'deposited') return [event.deposit.account.owner];
  if (event.type === 'exit') return [event.exit.account.owner];
  if (event.type === 'evidence') return [evidenceSubject(event.evidence).slot.owner];
  const { slot, signedOrder } = event.certificate;
  const recipient = signedOrder?.order.recipient;
  return recipient === undefined || recipient === slot.owner ? [slot.owner] : [slot.owner, recipient];
}

export function paymentOf(event: BulletinEvent): Hash | undefined {
  if (event.type === 'deposited' || event.type === 'exit' || event.type === 'evidence') return undefined;
  const { value } = event.certificate;
  return value === SKIP ? undefined : value;
}
