import { type AccountId, type CommitCertificate, RejectError, toSequence } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { slotsToCatchUp } from './lagging.ts';
import { stakeOf } from './statements.ts';
import type { AccountSummary } from './summary.ts';

/** Whether some validator has not said the same as the others, or has not said anything. */
export function isSomeoneBehind(core: ClientCore, summary: AccountSummary): boolean {
  return !summary.agreed || summary.signers.length < core.context.committee.members.length;
}

/** Whether some validator has not resolved a slot that this wallet knows to be resolved. */
export function doesSomeoneLag({ standings, next }: AccountSummary): boolean {
  return standings.some((standing) => standing.next < next);
}

/** Whether enough of those who vouch for it are near enough to catch up with what is attached to the next payment. */
export function canEnoughFollow({ standings, next, support }: AccountSummary): boolean {
  const near = standings.filter((standing) => next - standing.next <= clientLimits.attachedPredecessors);
  return stakeOf(near) >= support;
}

/**
 * Hands this wallet's certificates to validators that seem to miss them: what the owner paid in slots that one of
 * them has not resolved, and what the owner received last. Handing over one that is known changes nothing.
 * @returns Whether every one was delivered. Failing is no error: the certificates are attached to payments anyway.
 */
export async function bringUpToDate(core: ClientCore, account: AccountId, summary: AccountSummary): Promise<boolean> {
  const own = await ownCertificates(core, account, summary);
  const received = summary.agreed ? [] : await core.store.received(account, clientLimits.deliveredReceived);
  const certificates = [...received.toReversed(), ...own];
  try {
    for (let start = 0; start < certificates.length; start += clientLimits.deliveriesInFlight) {
      const some = certificates.slice(start, start + clientLimits.deliveriesInFlight);
      await Promise.all(some.map((certificate) => core.transport.deliverCertificate(certificate)));
    }
    return true;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}

/** Oldest first. */
async function ownCertificates(
  { store }: ClientCore,
  account: AccountId,
  { next, standings }: AccountSummary,
): Promise<readonly CommitCertificate[]> {
  const certificates: CommitCertificate[] = [];
  for (const sequence of slotsToCatchUp(standings, next)) {
    const certificate = await store.certificateOfSlot({ ...account, sequence: toSequence(sequence) });
    if (certificate) certificates.push(certificate);
  }
  return certificates.slice(0, clientLimits.deliveredOwn);
}
