import { type Evidence, evidenceSubject, RejectError, slotKey } from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';

/** Reports that wait at most; what does not fit is met again, or was found by somebody else. */
const MAX_WAITING = 256;

/** Hands evidence to the validator, which verifies, keeps and publishes it; each new piece raises an alarm here. */
export interface Reporter {
  report(evidence: Evidence): void;
}

export function createReporter(
  validator: Pick<Validator, 'report'>,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, 'evidenceDropped'> },
): Reporter {
  let waiting = 0;
  return {
    report(evidence) {
      if (waiting >= MAX_WAITING) {
        metrics.evidenceDropped.inc();
        return;
      }
      waiting++;
      const { slot, signer } = evidenceSubject(evidence);
      const facts = { signer, kind: evidence.type, slot: slotKey(slot) };
      validator
        .report(evidence)
        .then(
          (isNew) => {
            if (isNew) log.error(facts, 'EVIDENCE: a validator signed two things that no honest one signs both');
          },
          (error: unknown) => {
            if (!(error instanceof RejectError)) throw error;
            log.debug({ ...facts, code: error.code, reason: error.message }, 'evidence was not kept');
          },
        )
        .finally(() => {
          waiting--;
        });
    },
  };
}
