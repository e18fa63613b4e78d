import type { CommitCertificate, RejectError, Slot } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { sequenceTooLow } from '../rules/refusals.ts';

/** The answer to every request for a slot that holds its value for good: the certificate, which proves itself. */
export function resolvedAnswer(core: Core, slot: Slot): { type: 'resolved'; certificate: CommitCertificate } {
  return { type: 'resolved', certificate: certificateAt(core, slot) };
}

/** The answer to every request for another value in such a slot. */
export function sequenceTooLowAt(core: Core, slot: Slot): RejectError {
  const account = core.ledger.account(slot);
  if (!account) throw new StoreCorruptionError('a resolved slot has no account');
  return sequenceTooLow(account.next, certificateAt(core, slot));
}

function certificateAt({ ledger }: Core, slot: Slot): CommitCertificate {
  const resolution = ledger.resolution(slot);
  if (!resolution) throw new StoreCorruptionError('a resolved slot has no certificate');
  return resolution.certificate;
}
