import { accountKey, type CommitCertificate, type Hash, limits, type Slot, slotKey } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { settleOrder } from '../rules/settle-order.ts';
import { NEW_ACCOUNT, onChainBalance } from '../state/account-state.ts';
import type { Ledger } from '../state/ledger.ts';
import type { Resolution } from '../state/resolution.ts';
import type { FundingClosure } from '../validator.ts';

/**
 * What has to be settled for one payment to be settled (§6): the unsettled slots of its payer before it, since slots
 * settle one after the other; the unsettled payments that credit the payer; and what these need in turn.
 */
export function fundingClosure({ ledger, store }: Core, transactionHash: Hash): FundingClosure | undefined {
  store.assertUsable();
  const slot = ledger.payment(transactionHash)?.slot;
  const target = slot && ledger.resolution(slot);
  if (target?.certificate.value !== transactionHash) return undefined;
  const isSettled = ledger.standing(target.certificate.slot)?.stage === 'FINALIZED';
  if (isSettled) return { certificates: [target.certificate], complete: true };

  const { found, isWhole } = gather(ledger, target);
  const oldestFirst = found.sort((left, right) => (left.cursor < right.cursor ? -1 : 1));
  const { certificates, isSettleable } = settleOrder(
    oldestFirst.map(({ certificate }) => certificate),
    (account) => onChainBalance(ledger.account(account) ?? NEW_ACCOUNT),
  );
  return { certificates, complete: isWhole && isSettleable && !found.some((one) => isAhead(ledger, one)) };
}

/** A slot before it is not resolved here: whatever it holds, the reserve wants it first. */
function isAhead(ledger: Ledger, { certificate: { slot } }: Resolution): boolean {
  const { next } = ledger.account(slot) ?? NEW_ACCOUNT;
  return slot.sequence > next;
}

/** Breadth first, so that what is left out beyond the limit is what lies furthest. */
function gather(ledger: Ledger, target: Resolution): { readonly found: Resolution[]; readonly isWhole: boolean } {
  const most = limits.closureCertificates;
  const found = [target];
  const seen = new Set([slotKey(target.certificate.slot)]);
  const looked: LookedUp = { funded: new Set(), below: new Map() };
  // Goes on over what is found on the way.
  for (const { certificate } of found) {
    for (const slot of neededFor(ledger, certificate, looked)) {
      if (seen.has(slotKey(slot))) continue;
      if (found.length === most) return { found, isWhole: false };
      seen.add(slotKey(slot));
      found.push(resolutionAt(ledger, slot));
    }
  }
  return { found, isWhole: true };
}

/** What was looked up of each account: nothing is read twice, so that a closure costs what it holds. */
interface LookedUp {
  /** Accounts whose credits were. */
  readonly funded: Set<string>;
  /** The unsettled slots below this one were. */
  readonly below: Map<string, bigint>;
}

function neededFor(ledger: Ledger, { slot, signedOrder }: CommitCertificate, looked: LookedUp): readonly Slot[] {
  const beyond = limits.closureCertificates + 1;
  const account = accountKey(slot);
  const from = looked.below.get(account) ?? 0n;
  const before = slot.sequence > from ? ledger.unsettledSlots(slot, from, slot.sequence, beyond) : [];
  if (slot.sequence > from) looked.below.set(account, slot.sequence);
  // A skipped slot costs nothing.
  if (!signedOrder || looked.funded.has(account)) return before;
  looked.funded.add(account);
  return [...before, ...ledger.unsettledCredits(slot, beyond)];
}

function resolutionAt(ledger: Ledger, slot: Slot): Resolution {
  const found = ledger.resolution(slot);
  if (!found) throw new StoreCorruptionError('an unsettled slot has no certificate');
  return found;
}
