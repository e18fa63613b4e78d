import { slotKey } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import type { Witness } from '../evidence/witness.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/**
 * Raises the alarms that the validator keeps: an assumption of the protocol is broken. Called after every look at the
 * chain; each alarm is logged once by each process, and its certificates are shown to whoever looks for evidence.
 */
export function createAlarmLog(
  validator: Pick<Validator, 'alarms'>,
  {
    log,
    metrics,
    witness,
  }: {
    readonly log: Log;
    readonly metrics: Pick<Metrics, 'alarms'>;
    readonly witness: Pick<Witness, 'quorum' | 'commits'>;
  },
): () => void {
  const raised = new Set<string>();
  return () => {
    const alarms = validator.alarms();
    metrics.alarms.set(alarms.length);
    for (const { slot, reason, certificates } of alarms) {
      const key = slotKey(slot);
      if (raised.has(key)) continue;
      raised.add(key);
      for (const certificate of certificates) {
        if (certificate.type === 'quorum') witness.quorum(certificate);
        else witness.commits(certificate);
      }
      log.error(
        { slot: key, reason },
        'SAFETY ALARM: an assumption of the protocol is broken; the evidence is in the store',
      );
    }
  };
}
