import {
  type AccountId,
  type CommitCertificate,
  limits,
  type PaymentOrder,
  type Sequence,
  slotKey,
  toSequence,
} from '@fastpay/protocol';
import { isSomeoneBehind } from '../account/bring-up-to-date.ts';
import { slotsToCatchUp } from '../account/lagging.ts';
import type { AccountSummary } from '../account/summary.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';

/**
 * The certificates that go along with an order, so that a validator which missed the last seconds can vote all the
 * same: those of its parents, those of the owner's slots just before, and, while validators differ, what was received
 * last. They are not signed for, so each attempt may bring others.
 * @param summary What validators said just before, if anything.
 */
export async function attachmentsFor(
  core: ClientCore,
  order: PaymentOrder,
  summary: AccountSummary | undefined,
): Promise<readonly CommitCertificate[]> {
  const account: AccountId = { owner: order.sender, asset: order.asset };
  const parents = await Promise.all(order.parents.map((parent) => core.store.certificateOfPayment(parent)));
  const chosen = new Map<string, CommitCertificate>();
  const add = (certificate: CommitCertificate | undefined) => {
    if (certificate && chosen.size < limits.attachments) chosen.set(slotKey(certificate.slot), certificate);
  };
  for (const parent of parents) add(parent);
  for (const sequence of slotsBefore(order.sequence, summary)) {
    add(await core.store.certificateOfSlot({ ...account, sequence }));
  }
  if (!summary || isSomeoneBehind(core, summary)) {
    for (const certificate of await core.store.received(account, limits.attachments)) add(certificate);
  }
  return [...chosen.values()];
}

/** Those that the furthest behind misses, newest first; without an answer just the one before. */
function slotsBefore(sequence: Sequence, summary: AccountSummary | undefined): readonly Sequence[] {
  const heard = summary ? summary.standings : [{ next: sequence - 1n }];
  return slotsToCatchUp(heard, sequence)
    .filter((slot) => slot >= 0n)
    .toReversed()
    .slice(0, clientLimits.attachedPredecessors)
    .map(toSequence);
}
