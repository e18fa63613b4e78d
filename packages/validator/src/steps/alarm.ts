import type { Core } from '../core.ts';
import { NEW_ACCOUNT } from '../state/account-state.ts';
import type { SafetyAlarm } from '../validator.ts';

/** Halts the account and keeps the evidence (§5 rule 3). The first alarm of a slot is the one that is kept. */
export function raiseAlarm({ ledger, store }: Core, alarm: SafetyAlarm): void {
  const account = ledger.account(alarm.slot) ?? NEW_ACCOUNT;
  if (account.isHalted) return;
  const step = store.begin();
  step.putAccount(alarm.slot, { ...account, isHalted: true });
  step.putAlarm(alarm);
  store.commit(step);
}
