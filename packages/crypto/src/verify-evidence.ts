import { assertContradicts, type Evidence } from '@fastpay/protocol';
import type { VerificationContext } from './context.ts';
import { verifyCommit, verifyVote } from './verify-ballot.ts';
import { verifyPromise } from './verify-promise.ts';

/**
 * Proof of misbehaviour (§13): both messages are of one signer and contradict each other, and it signed both.
 * @throws RejectError INVALID_FORMAT when they do not contradict each other, INVALID_SIGNATURE when one is not signed.
 */
export async function verifyEvidence(context: VerificationContext, evidence: Evidence): Promise<void> {
  assertContradicts(evidence);
  switch (evidence.type) {
    case 'votes':
      await verifyVote(context, evidence.first);
      await verifyVote(context, evidence.second);
      return;
    case 'commits':
      await verifyCommit(context, evidence.first);
      await verifyCommit(context, evidence.second);
      return;
    case 'promise':
      await verifyPromise(context, evidence.promise);
      await verifyCommit(context, evidence.commit);
      return;
  }
}
