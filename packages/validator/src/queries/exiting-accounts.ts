import { type AccountId, toSequence } from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { StoreCorruptionError } from '../errors.ts';
import { FIRST_ROUND } from '../rules/rounds.ts';
import type { ExitingAccount } from '../validator.ts';

/** Accounts that validators have to look after because of an exit (§5 rule 6), a page at a time. */
export function exitingAccounts({ ledger, store }: Core, limit: number, after?: AccountId): readonly ExitingAccount[] {
  store.assertUsable();
  return ledger.exitingAccounts(limit, after).map((account) => {
    const state = ledger.account(account);
    if (!state) throw new StoreCorruptionError('an exiting account has no line in the ledger');
    const { next, unsettledCount, exit } = state;
    const open = ledger.openSlot(account);
    const promised = open?.promised ?? FIRST_ROUND;
    return {
      account,
      ...(exit?.readyAt !== undefined && { readyAt: exit.readyAt }),
      ...(open && { openSlot: { slot: { ...account, sequence: toSequence(next) }, promisedRound: promised.round } }),
      unsettled: Number(unsettledCount),
    };
  });
}
