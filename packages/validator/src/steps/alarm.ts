import type { Core } from '../core.ts';
import { evidenceInCertificates } from '../rules/evidence.ts';
import { NEW_ACCOUNT } from '../state/account-state.ts';
import type { SafetyAlarm } from '../validator.ts';
import { keepEvidence } from './evidence.ts';

/**
 * Halts the account and keeps the certificates, and what they prove against single validators (§5 rule 3, §13). The
 * first alarm of a slot is the one that is kept.
 */
export function raiseAlarm(core: Core, alarm: SafetyAlarm): void {
  const { ledger, store } = core;
  const account = ledger.account(alarm.slot) ?? NEW_ACCOUNT;
  if (account.isHalted) return;
  const step = store.begin();
  step.putAccount(alarm.slot, { ...account, isHalted: true });
  step.putAlarm(alarm);
  const [first, second] = alarm.certificates;
  if (first && second) keepEvidence(core, step, evidenceInCertificates(first, second));
  store.commit(step);
}
