import { RejectError } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { validatorLimits } from '../limits.ts';
import type { StaleLock, StaleLockQuery } from '../validator.ts';

/** Rule 7: found by the time at which they were made, so that a look costs as much as it finds. */
export function staleLocks(
  { ledger, store }: Core,
  { lockedBeforeMs, limit, after }: StaleLockQuery,
): readonly StaleLock[] {
  store.assertUsable();
  if (!Number.isInteger(limit) || limit < 1 || limit > validatorLimits.staleLocks) {
    throw new RejectError('INVALID_FORMAT', `a look returns 1 to ${validatorLimits.staleLocks} locks`);
  }
  const from = after && { lockedAtMs: after.lockedAtMs, account: after.certificate.slot };
  return ledger.locksBefore(Math.max(0, Math.floor(lockedBeforeMs)), limit, from).map(({ lockedAtMs, account }) => {
    const certificate = ledger.openSlot(account)?.lock?.certificate;
    if (!certificate) throw new StoreCorruptionError('a lock is listed that no open slot holds');
    return { lockedAtMs, certificate };
  });
}
