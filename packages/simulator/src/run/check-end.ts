import { PATH_USD } from '@fastpay/protocol';
import { simulatorLimits } from '../limits.ts';
import { firstDifference } from '../model/difference.ts';
import { accountName, slotName } from '../model/types.ts';
import { forgetCursors, pull } from './sync.ts';
import type { World } from './world.ts';

type Run = (untilMs: number, isOver: () => boolean) => Promise<void>;

/** When the faults are over: does everything come to an end, and is it the same end for all (I5, I8–I11)? */
export async function checkEnd(world: World, run: Run): Promise<void> {
  checkWallets(world);
  if (world.violations.length > 0) return;
  await comeToOneEnd(world, run);
  if (world.violations.length > 0) return;
  // At once: the next block may hold the next deposit.
  const difference = differenceOf(world);
  if (difference !== undefined) world.violate('I5', `after sync ${difference} is not the same at all validators`);
  checkReserve(world);
  world.model.checkChain(world.chain.deposits);
  await checkValidators(world, run);
  if (world.model.deepestChain >= 2) world.situations.add('chainedSpend');
  if (world.model.deepestChain >= 3) world.situations.add('deepChain');
}

function checkWallets({ wallets, violate, model }: World): void {
  for (const wallet of wallets.values()) {
    if (!wallet.isIdle()) violate('I10', `${wallet.name} has not come to an end`);
  }
  for (const { name, givenUp } of wallets.values()) {
    for (const [memo, reason] of givenUp) {
      if (model.payments.paid(memo) !== undefined || /^(INSUFFICIENT_FUNDS|EXITING)/.test(reason)) continue;
      violate('I10', `a payment of ${name} was given up: ${reason}`);
    }
  }
}

/**
 * Until all hold the same and nothing is left to settle. While that goes on a relay may still bring a certificate to one
 * of them, which has to be passed on and settled too.
 */
async function comeToOneEnd(world: World, run: Run): Promise<void> {
  const { honest, violations } = world;
  for (const { signer } of honest) forgetCursors(world, signer);
  for (let round = 0; round <= honest.length; round++) {
    await exchangeEverything(world, run);
    if (violations.length > 0) return;
    await settleEverything(world, run);
    if (violations.length > 0 || differenceOf(world) === undefined) return;
  }
}

/** A slot that is resolved at one honest validator and not, or otherwise, at another. */
function differenceOf({ honest, model }: World): string | undefined {
  const [first, ...others] = honest.flatMap(({ signer }) => model.views[signer]?.ledger.resolved ?? []);
  if (!first) return undefined;
  return others.map((other) => firstDifference(first, other)).find((slot) => slot !== undefined);
}

/** Every honest validator reads every other to the end. */
async function exchangeEverything(world: World, run: Run): Promise<void> {
  const { honest, scheduler, broken } = world;
  for (let round = 0; round < honest.length && differenceOf(world) !== undefined; round++) {
    let open = 0;
    for (const node of honest) {
      for (const peer of honest) {
        if (peer === node) continue;
        open++;
        pullAll(world, node.signer, peer).then(
          () => open--,
          (error: unknown) => broken(`${node.name} syncs`, error),
        );
      }
    }
    const isOver = () => world.violations.length > 0 || (open === 0 && honest.every(({ disk }) => disk.isDurable));
    if (open > 0) await run(scheduler.nowMs() + simulatorLimits.settleMs, isOver);
  }
}

/** Until no validator has anything left to settle, and each has taken in all that is final: deposits, exits, settlements. */
async function settleEverything({ honest, scheduler, violations, violate, chain }: World, run: Run): Promise<void> {
  const isEmpty = () =>
    honest.every((node) => {
      const validator = node.process();
      if (node.finalizedHeight() !== chain.simulated.head().finalized.height) return false;
      if (validator?.nextDepositIndex() !== chain.simulated.reserve.depositCount()) return false;
      return validator.outbox({ afterCursor: 0n, limit: 1 }).length === 0 && node.disk.isDurable;
    });
  const isOver = () => violations.length > 0 || isEmpty();
  if (!isEmpty()) await run(scheduler.nowMs() + simulatorLimits.settleMs, isOver);
  if (!isEmpty()) violate('I8', 'payments are left that nobody can settle, or deposits that nobody sees');
}

/**
 * The reserve ends where the ledger of those who know everything does, and holds what it owes (I8, I9). Certificates
 * that could be made but never were are nobody's to settle.
 */
function checkReserve({ chain, model, violate, honest }: World): void {
  const { reserve } = chain.simulated;
  const ledger = honest[0] && model.views[honest[0].signer]?.ledger;
  if (!ledger) return;
  for (const account of ledger.accounts()) {
    const { balance } = reserve.account(account);
    const expected = ledger.balance(account);
    if (balance !== expected)
      violate('I8', `${accountName(account)} has ${balance} on chain and ${expected} in the ledger`);
  }
  if (reserve.holds(PATH_USD) < reserve.liabilities(PATH_USD)) violate('I9', 'the reserve owes more than it holds');
}

async function pullAll(world: World, signer: number, peer: World['honest'][number]): Promise<void> {
  while (await pull(world, signer, peer)) if (world.violations.length > 0) return;
}

async function checkValidators({ honest, model, violate, broken, scheduler }: World, run: Run): Promise<void> {
  let open = 0;
  for (const node of honest) {
    const validator = node.process();
    const view = model.views[node.signer];
    if (!validator || !view) {
      violate('I10', `${node.name} does not run`);
      continue;
    }
    open++;
    view.check(validator, { isDurable: true, allAccounts: true, stamp: () => node.disk.written }).then(
      () => open--,
      (error: unknown) => broken(`${node.name} is looked at`, error),
    );
    for (const { slot, value } of model.book.all) {
      const known = view.ledger.valueOf(slot);
      if (known !== undefined && known !== value)
        violate('I4', `${node.name} holds another value in ${slotName(slot)}`);
    }
    if (node.voice() === 'required' && validator.mode() !== 'signing') {
      violate('rule', `${node.name} keeps silent although its database is the newest`);
    }
    if (validator.alarms().length > 0) violate('rule', `${node.name} raised an alarm`);
    if (validator.failure()) violate('crash', `${node.name} has failed: ${String(validator.failure())}`);
  }
  if (open > 0) await run(scheduler.nowMs() + simulatorLimits.callTimeoutMs, () => open === 0);
  if (open > 0) violate('I10', 'a validator says nothing of its accounts');
}
