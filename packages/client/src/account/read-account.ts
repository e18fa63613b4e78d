import { verifySignedOrder } from '@fastpay/crypto';
import { type AccountId, limits, orderCost, RejectError, type SignedOrder, toSequence } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { slotsToCatchUp } from './lagging.ts';
import { askStatements, assertQuorumHeard, type VerifiedStatement } from './statements.ts';
import { type AccountSummary, quorumNext, summarize } from './summary.ts';

/**
 * Reads the owner's account from a quorum, and takes into the journal an order of the owner's that validators hold in
 * the open slot and this journal does not have: made on another device, or before a restore (§7 rule 3).
 * @throws RejectError TEMPORARILY_UNAVAILABLE when fewer than a quorum answer, or their answers cannot be compared.
 */
export async function readAccount(core: ClientCore, account: AccountId): Promise<AccountSummary> {
  const statements = await askStatements(core, account);
  assertQuorumHeard(core, statements);
  const { committee } = core.context;
  const { next, spent } = await followOwnCertificates(core, account, statements, quorumNext(committee, statements));
  const summary = summarize(committee, statements, next, (sequence) => spent.get(sequence));
  if (!summary) {
    throw new RejectError(
      'TEMPORARILY_UNAVAILABLE',
      'validators answer for different moments of this account; ask again in a moment',
    );
  }
  await adoptPendingOrders(core, account, next, statements);
  return summary;
}

/** What this wallet's certificates took in each slot from the one that the last validator is at, and where they end. */
async function followOwnCertificates(
  { store }: ClientCore,
  account: AccountId,
  statements: readonly VerifiedStatement[],
  from: bigint,
): Promise<{ next: bigint; spent: ReadonlyMap<bigint, bigint> }> {
  const spent = new Map<bigint, bigint>();
  const read = async (sequence: bigint) => {
    const certificate = await store.certificateOfSlot({ ...account, sequence: toSequence(sequence) });
    if (certificate) spent.set(sequence, certificate.signedOrder ? orderCost(certificate.signedOrder.order) : 0n);
    return certificate !== undefined;
  };
  for (const sequence of slotsToCatchUp(statements, from)) await read(sequence);
  let next = from;
  // Slots beyond the window of a quorum cannot have been certified.
  while (next < from + limits.resolveWindowSlots && (await read(next))) next++;
  return { next, spent };
}

async function adoptPendingOrders(
  core: ClientCore,
  account: AccountId,
  next: bigint,
  statements: readonly VerifiedStatement[],
): Promise<void> {
  for (const { pendingOrder } of statements) {
    if (pendingOrder?.order.sequence === next) await adoptOrder(core, account, pendingOrder);
  }
}

/**
 * Puts an order that someone else brought into the journal, if it bears this owner's own valid signature for this
 * account; it is never signed again. Whether it is new to the journal.
 */
export async function adoptOrder(core: ClientCore, account: AccountId, signedOrder: SignedOrder): Promise<boolean> {
  const { order } = signedOrder;
  if (order.sender !== account.owner || order.asset !== account.asset) return false;
  try {
    const transactionHash = await verifySignedOrder(core.context, signedOrder);
    const createdAtMs = core.clock.nowMs();
    const answer = await core.store.journal({ transactionHash, signedOrder, origin: 'adopted', createdAtMs });
    return answer.type === 'journaled';
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}
