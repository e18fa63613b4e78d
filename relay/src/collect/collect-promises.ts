import { verifyProvenPromise } from '@fastpay/crypto';
import { equalSlots } from '@fastpay/protocol';
import type { CollectedPromises, PromiseAnswer, RoundSubmission } from '@fastpay/rpc';
import { askValidator, notWhatWasAsked } from './ask-validator.ts';
import type { CollectorDependencies } from './collect-value.ts';
import { gatherQuorum } from './gather-quorum.ts';

/**
 * Asks every validator for its promise (§5 rule 4a) and verifies it with the certificate of its lock. Answers once a
 * quorum promised and the others had a moment: each lock more that is known makes it likelier that the value passes.
 * The certificate of a slot that is resolved already ends it at once.
 */
export async function collectPromises(
  submission: RoundSubmission,
  dependencies: CollectorDependencies & { patience(): Promise<void> },
  signal: AbortSignal,
): Promise<CollectedPromises> {
  const { context, validators, grace, patience } = dependencies;
  const { epoch, slot, round } = submission.newRound;
  const gathered = await gatherQuorum({
    committee: context.committee,
    validators,
    signal,
    grace,
    patience,
    ask: (validator) =>
      askValidator(
        validator,
        {
          slot,
          ask: (port) => port.openRound(submission, signal),
          async check({ proven }: Extract<PromiseAnswer, { type: 'promise' }>, signer) {
            const { promise } = proven;
            const isExpected =
              promise.signature.signer === signer &&
              promise.epoch === epoch &&
              promise.round === round &&
              equalSlots(promise.slot, slot);
            if (!isExpected) throw notWhatWasAsked();
            await verifyProvenPromise(context, proven);
            return proven;
          },
        },
        dependencies,
        signal,
      ),
  });
  if (gathered.type === 'resolved') return { promises: [], failures: [], certificate: gathered.certificate };
  const failures = [...gathered.failures].map(([signer, reject]) => ({ signer, reject }));
  return { promises: [...gathered.signed.values()], failures };
}
