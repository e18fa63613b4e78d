import { PATH_USD } from '@fastpay/protocol';
import type { ExitingAccount } from '@fastpay/validator';
import { expect, it } from 'vitest';
import { createExitReader } from './exits.ts';
import { settlerLimits } from './limits.ts';
import { outboxItem, person } from './testing.fixtures.ts';

const exiting = (name: string, readyAt: bigint | undefined, unsettled: number): ExitingAccount => ({
  account: { owner: person(name), asset: PATH_USD },
  ...(readyAt === undefined ? {} : { readyAt }),
  unsettled,
});
const read = (accounts: readonly ExitingAccount[], timestamp = 1_000n) =>
  createExitReader({ exitingAccounts: () => accounts })({ timestamp, exitDelaySeconds: 400n });

it('hurries with what an exiting account pays and is paid, and with nothing else', () => {
  const { isUrgent } = read([exiting('alice', 1_400n, 2)]);
  expect(isUrgent(outboxItem(1, { from: 'alice', to: 'bob', sequence: 0 }))).toBe(true);
  expect(isUrgent(outboxItem(2, { from: 'bob', to: 'alice', sequence: 0 }))).toBe(true);
  expect(isUrgent(outboxItem(3, { from: 'bob', to: 'carol', sequence: 1 }))).toBe(false);
});

it('does not hurry for an account whose exit was cancelled or executed', () => {
  const { isUrgent } = read([exiting('alice', undefined, 2)]);
  expect(isUrgent(outboxItem(1, { from: 'alice', to: 'bob', sequence: 0 }))).toBe(false);
});

it('sees a risk in the last quarter of the delay while something is unsettled', () => {
  const accounts = [exiting('late', 1_099n, 1), exiting('early', 1_100n, 1), exiting('done', 1_001n, 0)];
  expect(read(accounts).atRisk.map(({ account }) => account.owner)).toEqual([person('late')]);
});

it('finds an account behind a crowd of others, page by page, and forgets it once it has left', () => {
  const crowd = Array.from({ length: settlerLimits.exitingAccounts }, (_, index) => exiting(`p${index}`, 9_999n, 0));
  let accounts = [...crowd, exiting('last', 1_050n, 1)];
  const readNext = createExitReader({
    exitingAccounts(limit, after) {
      const start = after ? accounts.findIndex(({ account }) => account === after) + 1 : 0;
      return accounts.slice(start, start + limit);
    },
  });
  const look = () => readNext({ timestamp: 1_000n, exitDelaySeconds: 400n }).atRisk.length;
  expect([look(), look(), look()]).toEqual([0, 1, 1]);
  accounts = [...crowd];
  expect([look(), look(), look()]).toEqual([0, 0, 0]);
});
