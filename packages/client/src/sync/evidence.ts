import { verifyEvidence } from '@fastpay/crypto';
import { type Evidence, RejectError } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';

/** Published proof of misbehaviour (§13), as far as it proves anything. */
export async function verifiedEvidence(core: ClientCore): Promise<readonly Evidence[]> {
  const verified: Evidence[] = [];
  for (const evidence of (await core.transport.evidence()).slice(0, clientLimits.evidence)) {
    try {
      await verifyEvidence(core.context, evidence);
      verified.push(evidence);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
    }
  }
  return verified;
}
