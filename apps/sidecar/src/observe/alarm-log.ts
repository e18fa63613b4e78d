import { slotKey } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/**
 * Raises the alarms that the validator keeps: proof that a third of the stake lied, or that the chain settled what no
 * certificate says. Called after every look at the chain; each alarm is logged once by each process.
 */
export function createAlarmLog(
  validator: Pick<Validator, 'alarms'>,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, 'alarms'> },
): () => void {
  const raised = new Set<string>();
  return () => {
    const alarms = validator.alarms();
    metrics.alarms.set(alarms.length);
    for (const { slot, reason } of alarms) {
      const key = slotKey(slot);
      if (raised.has(key)) continue;
      raised.add(key);
      log.error({ slot: key, reason }, 'SAFETY ALARM: the account is halted; the evidence is in the store');
    }
  };
}
