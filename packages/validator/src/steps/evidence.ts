import { verifyEvidence } from '@fastpay/crypto';
import {
  assertContradicts,
  type CommitCertificate,
  type Evidence,
  RejectError,
  type SignedPromise,
} from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { validatorLimits } from '../limits.ts';
import { evidenceInPromises } from '../rules/evidence.ts';
import { evidenceIdOf } from '../state/evidence-row.ts';
import type { Step } from '../state/step.ts';

/** §13: verifies what somebody found and keeps it; false when enough is kept already. */
export async function report(core: Core, evidence: Evidence): Promise<boolean> {
  const { context, store } = core;
  store.assertUsable();
  assertContradicts(evidence);
  if (!isWanted(core, evidence)) return false;
  await verifyEvidence(context, evidence);
  const step = store.begin();
  // Somebody else may have reported it just now.
  if (!keepEvidence(core, step, [evidence])) return false;
  store.commit(step);
  await store.barrier();
  return true;
}

/** Adds to the step, of evidence that is verified, what is not kept yet; false when nothing is. */
export function keepEvidence(core: Core, step: Step, found: readonly Evidence[]): boolean {
  const wanted = found.filter((evidence) => isWanted(core, evidence));
  for (const evidence of wanted) {
    step.putEvidence(evidence);
    step.log({ type: 'evidence', evidence });
  }
  return wanted.length > 0;
}

/**
 * Holds promises that came for a slot against the certificate which resolved it. The certificate is verified; of the
 * promises only those that a commit in it contradicts are looked at.
 */
export async function reportBrokenPromises(
  core: Core,
  promises: readonly SignedPromise[],
  certificate: CommitCertificate,
): Promise<void> {
  for (const evidence of evidenceInPromises(promises, certificate)) {
    try {
      await report(core, evidence);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      core.store.assertUsable();
      // A forged promise proves nothing, and whoever sent it shall not buy the checking of more.
      return;
    }
  }
}

/** At most one of a kind for each signer and slot, and so many for each signer. */
function isWanted({ ledger }: Core, evidence: Evidence): boolean {
  const id = evidenceIdOf(evidence);
  const most = validatorLimits.evidencePerSigner;
  return ledger.evidence(id) === undefined && ledger.evidenceCount(id.signer, most) < most;
}
