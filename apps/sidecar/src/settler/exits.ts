import { accountKey } from '@fastpay/protocol';
import type { ExitingAccount, OutboxItem, Validator } from '@fastpay/validator';
import { settlerLimits } from './limits.ts';

/** What exits ask of the settler (§5 rule 6): everything unsettled of such an account is settled before it is ready. */
export interface Exits {
  /** Whether an item pays from or to an account whose exit stands requested. */
  isUrgent(item: OutboxItem): boolean;
  /** Accounts that can exit soon although something of them is unsettled. */
  readonly atRisk: readonly ExitingAccount[];
}

/** Looks at the accounts that exit, a page at a time, so that no crowd of them hides one or costs more at once. */
export function createExitReader(validator: Pick<Validator, 'exitingAccounts'>) {
  let known: ReadonlyMap<string, ExitingAccount> = new Map();
  let pass = new Map<string, ExitingAccount>();
  let after: ExitingAccount['account'] | undefined;

  /** The next page; accounts of pages further on are those of the last pass. */
  function nextPage(): Iterable<ExitingAccount> {
    const page = validator.exitingAccounts(settlerLimits.exitingAccounts, after);
    for (const exiting of page) pass.set(accountKey(exiting.account), exiting);
    const isWhole = page.length < settlerLimits.exitingAccounts;
    after = isWhole ? undefined : page.at(-1)?.account;
    if (!isWhole) return new Map([...known, ...pass]).values();
    known = pass;
    pass = new Map();
    return known.values();
  }

  return function read({
    timestamp,
    exitDelaySeconds,
  }: {
    readonly timestamp: bigint;
    readonly exitDelaySeconds: bigint;
  }): Exits {
    const exiting = [...nextPage()].filter(({ readyAt }) => readyAt !== undefined);
    const keys = new Set(exiting.map(({ account }) => accountKey(account)));
    return {
      isUrgent({ certificate: { slot, signedOrder } }) {
        if (keys.size === 0) return false;
        const recipient = signedOrder?.order.recipient;
        return (
          keys.has(accountKey(slot)) || (recipient !== undefined && keys.has(accountKey({ ...slot, owner: recipient })))
        );
      },
      atRisk: exiting.filter(
        ({ unsettled, readyAt = 0n }) => unsettled > 0 && readyAt - timestamp < exitDelaySeconds / 4n,
      ),
    };
  };
}
