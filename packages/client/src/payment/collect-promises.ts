import { verifyProvenPromise } from '@fastpay/crypto';
import { type CommitCertificate, equalSlots, type ProvenPromise, RejectError, SKIP } from '@fastpay/protocol';
import { adoptOrder } from '../account/read-account.ts';
import type { ClientCore } from '../core.ts';
import type { CollectedPromises, Transport } from '../transport.ts';
import { createCollector } from './collector.ts';

export interface VerifiedPromises {
  /** At most one of each validator, signers ascending; each lock with the certificate that proves it. */
  readonly promises: readonly ProvenPromise[];
  /** Hearsay, by signer. */
  readonly failures: ReadonlyMap<number, RejectError>;
  /** The slot is resolved: verified, not yet stored. */
  readonly certificate?: CommitCertificate;
  /** Why nobody could be asked. */
  readonly problem?: RejectError;
}

/**
 * Asks for promises and believes none of what comes back before it is verified (§7 rule 4): not the promises, not the
 * locks beside them, not that the slot is resolved. A promise whose lock does not verify is as if it had not come, so
 * that nobody can slip in a value.
 */
export async function collectPromises(
  core: ClientCore,
  request: Parameters<Transport['collectPromises']>[0],
  signal: AbortSignal | undefined,
): Promise<VerifiedPromises> {
  const { slot, round } = request.newRound;
  const collector = createCollector(core.context, { slot, round, value: SKIP });
  const answer = await ask(core, request, signal);
  if (answer instanceof RejectError) return { promises: [], failures: new Map(), problem: answer };
  const most = core.context.committee.members.length;
  const promises = new Map<number, ProvenPromise>();
  for (const proven of answer.promises.slice(0, 2 * most)) {
    const { signer } = proven.promise.signature;
    if (!promises.has(signer) && (await isAnswer(core, request, proven))) promises.set(signer, proven);
  }
  if (answer.certificate) {
    const finding = await collector.take({ type: 'paid', certificate: answer.certificate });
    if (finding.type === 'resolved') return { promises: [], failures: new Map(), certificate: finding.certificate };
  }
  for (const failure of answer.failures.slice(0, 2 * most)) {
    if (promises.has(failure.signer)) continue;
    const finding = await collector.take({ type: 'failure', ...failure });
    if (finding.type === 'rival') await adoptOrder(core, slot, finding.signedOrder);
    if (finding.type !== 'resolved') continue;
    return { promises: [], failures: new Map(), certificate: finding.certificate };
  }
  const bySigner = [...promises].sort(([left], [right]) => left - right);
  return { promises: bySigner.map(([, proven]) => proven), failures: collector.failures };
}

async function ask(
  core: ClientCore,
  request: Parameters<Transport['collectPromises']>[0],
  signal: AbortSignal | undefined,
): Promise<CollectedPromises | RejectError> {
  try {
    return await core.transport.collectPromises(request, signal ?? new AbortController().signal);
  } catch (error) {
    if (error instanceof RejectError) return error;
    throw error;
  }
}

async function isAnswer(
  { context }: ClientCore,
  { newRound }: Parameters<Transport['collectPromises']>[0],
  proven: ProvenPromise,
): Promise<boolean> {
  const { epoch, slot, round } = proven.promise;
  if (epoch !== newRound.epoch || round !== newRound.round || !equalSlots(slot, newRound.slot)) return false;
  try {
    await verifyProvenPromise(context, proven);
    return true;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}
