import { verifySignedOrder } from '@fastpay/crypto';
import {
  type AccountId,
  limits,
  orderCost,
  quorumStake,
  RejectError,
  type SignedOrder,
  toSequence,
  validityStake,
} from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { highest } from './extremes.ts';
import { slotsToCatchUp } from './lagging.ts';
import { askStatements, assertQuorumHeard, stakeOf, type VerifiedStatement } from './statements.ts';
import { type AccountSummary, nextReachedBy, summarize } from './summary.ts';

/**
 * Reads the owner's account from a quorum, and takes into the journal an order of the owner's that validators hold in
 * the open slot and this journal does not have: made on another device, or before a restore (§7 rule 3).
 * @throws RejectError TEMPORARILY_UNAVAILABLE when fewer than a quorum answer, or their answers cannot be compared.
 */
export async function readAccount(core: ClientCore, account: AccountId): Promise<AccountSummary> {
  return fromQuorum(core, account, await askStatements(core, account));
}

/**
 * Looks into every account of the owner for an order that validators hold, so that a restored wallet shows and finishes
 * it. Where no quorum answers the next look does.
 */
export async function adoptFromAll(core: ClientCore): Promise<void> {
  for (const { address: asset } of core.network.assets) {
    try {
      await readAccount(core, { owner: core.owner, asset });
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
    }
  }
}

/**
 * The same for signing, with less when there is less: once this process has read the account from a quorum, and so
 * knows of every order that another device left in it, statements of stake ≥ v are enough. One of them is an honest
 * validator's, so every slot below is resolved indeed, and the money is there. The payment waits for a quorum then,
 * and completes by itself, instead of being refused.
 */
export async function readForSigning(core: ClientCore, account: AccountId): Promise<AccountSummary> {
  const { committee } = core.context;
  const statements = await askStatements(core, account);
  const known = core.quorumReads.get(account.asset);
  const support = validityStake(committee);
  const isQuorum = stakeOf(statements) >= quorumStake(committee);
  if (isQuorum || known === undefined || stakeOf(statements) < support) return fromQuorum(core, account, statements);
  const from = highest([known], nextReachedBy(support, statements));
  return summarizeFrom(core, account, statements, from, support);
}

async function fromQuorum(
  core: ClientCore,
  account: AccountId,
  statements: readonly VerifiedStatement[],
): Promise<AccountSummary> {
  assertQuorumHeard(core, statements);
  const quorum = quorumStake(core.context.committee);
  const summary = await summarizeFrom(core, account, statements, nextReachedBy(quorum, statements), quorum);
  core.quorumReads.set(account.asset, summary.next);
  return summary;
}

async function summarizeFrom(
  core: ClientCore,
  account: AccountId,
  statements: readonly VerifiedStatement[],
  from: bigint,
  support: bigint,
): Promise<AccountSummary> {
  const { next, spent } = await followOwnCertificates(core, account, statements, from);
  const costOf = (sequence: bigint) => spent.get(sequence);
  const summary = summarize(core.context.committee, statements, next, costOf, support);
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
    // Every validator that holds it says so, again and again.
    if (await core.store.entry(transactionHash)) return false;
    const createdAtMs = core.clock.nowMs();
    const answer = await core.store.journal({ transactionHash, signedOrder, origin: 'adopted', createdAtMs });
    return answer.type === 'journaled';
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}
